using System.CommandLine;

namespace Exchange.Cli.Http;

/// <summary>Options that every command with a server has.</summary>
internal static class ServerOptions
{
    /// <param name="allowsTls">Whether the command speaks HTTPS too.</param>
    public static Option<Uri> Url(bool allowsTls = false)
    {
        Option<Uri> url = new("--url")
        {
            Description = allowsTls ? "Where the server listens." : "Where the server listens; plain HTTP.",
            DefaultValueFactory = _ => new Uri("http://localhost:5080"),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? parsed)
                    && (parsed.Scheme == Uri.UriSchemeHttp || allowsTls && parsed.Scheme == Uri.UriSchemeHttps))
                {
                    return parsed;
                }

                result.AddError("--url is an address such as http://localhost:5080.");
                return null;
            },
        };
        return url;
    }
}

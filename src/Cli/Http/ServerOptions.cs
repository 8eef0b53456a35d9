using System.CommandLine;

namespace Exchange.Cli.Http;

/// <summary>Options that every command with a server has.</summary>
internal static class ServerOptions
{
    /// <summary>The keys that a server's first start in Development printed.</summary>
    public static Option<FileInfo> Keys()
    {
        Option<FileInfo> keys = new("--keys") { Description = "The server's demo-keys.json.", Required = true };
        keys.AcceptExistingOnly();
        return keys;
    }

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

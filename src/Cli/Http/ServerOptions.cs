using System.CommandLine;

namespace Exchange.Cli.Http;

/// <summary>Options that every command with a server has.</summary>
internal static class ServerOptions
{
    public static Option<Uri> Url()
    {
        Option<Uri> url = new("--url")
        {
            Description = "Where the server listens; plain HTTP.",
            DefaultValueFactory = _ => new Uri("http://localhost:5080"),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeHttp)
                    return parsed;
                result.AddError("--url is an address such as http://localhost:5080.");
                return null;
            },
        };
        return url;
    }
}

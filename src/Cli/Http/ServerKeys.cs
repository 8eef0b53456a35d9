using System.Text.Json;

namespace Exchange.Cli.Http;

/// <summary>What a server's first start in Development left in demo-keys.json; only the administrator is used.</summary>
internal sealed record ServerKeys(ServerKeys.Key Admin)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static ServerKeys Load(string path)
    {
        try
        {
            ServerKeys? keys = JsonSerializer.Deserialize<ServerKeys>(File.ReadAllText(path), Web);
            if (keys?.Admin?.Token is not null)
                return keys;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new InvalidDataException($"{Path.GetFileName(path)} is no file of demo keys: it names no admin with a token.");
    }

    public sealed record Key(string Token);
}

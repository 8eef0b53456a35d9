using System.Text.Json;

namespace Exchange.Cli.Http;

/// <summary>An administrator's key with its secret: out of demo-keys.json, or of the file that <c>--AdminKeyFile</c> had written.</summary>
internal sealed record AdminKey(string Key, string Secret)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static AdminKey Load(string path)
    {
        try
        {
            KeyFile? file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path), Web);
            AdminKey? key = file?.Admin ?? (file is { Key: { } id, Secret: { } secret } ? new AdminKey(id, secret) : null);
            if (key is { Key: not null, Secret: not null })
                return key;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new InvalidDataException($"{Path.GetFileName(path)} names no administrator's key and secret.");
    }

    private sealed record KeyFile(AdminKey? Admin, string? Key, string? Secret);
}

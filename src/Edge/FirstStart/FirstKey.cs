using System.Text.Json;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;

namespace Exchange.Edge.FirstStart;

/// <summary>The first administrator's key of a venue that has none; all others are made with it.</summary>
public static class FirstKey
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Makes it when a file was named for it and there is no key yet; tells how when none was named.</summary>
    /// <param name="setting">Name of the setting that the file is named by.</param>
    /// <param name="say">Takes a line for whoever starts the server.</param>
    /// <remarks>It goes into a file for its owner only, never to the console, which ends up in logs.</remarks>
    public static async Task MakeIfNone(IKeyStore keys, IAuditLog audit, string? file, string setting, Action<string> say)
    {
        if (!keys.IsEmpty)
            return;
        if (string.IsNullOrEmpty(file))
        {
            say($"There is no key yet, so nobody can do anything: start once with --{setting} FILE to have the first one written there.");
            return;
        }

        // Before the key is made: a path that cannot be written must not cost the only chance.
        await OwnerOnlyFile.Open(file, FileMode.Append).DisposeAsync();
        if (await keys.CreateFirst(new KeyTerms(0, Permissions.Read | Permissions.Trade | Permissions.Admin)) is not { } key)
            return;   // Another server was first; the file may be the one that it wrote.
        await audit.RecordHost("CreateFirstKey", key.KeyId);
        OwnerOnlyFile.Write(file, JsonSerializer.Serialize(new { key = key.KeyId, secret = key.RevealSecret() }, Json));
        say($"The first administrator's key is in {file}: move it to where secrets are kept.");
    }
}

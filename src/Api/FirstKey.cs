using System.Text.Json;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;

namespace Exchange.Api;

/// <summary>The first administrator's key of a venue that has none; all others are made with it.</summary>
internal static class FirstKey
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Makes it when a file was named for it and there is no key yet; tells how when none was named.</summary>
    /// <remarks>It goes into a file for its owner only, never to the console, which ends up in logs.</remarks>
    public static async Task MakeIfNone(IKeyStore keys, IAuditLog audit, string? file, StartMessages messages)
    {
        if (!keys.IsEmpty)
            return;
        if (string.IsNullOrEmpty(file))
        {
            messages.Say("There is no key yet, so nobody can do anything: start once with --AdminKeyFile FILE to have the first one written there.");
            return;
        }

        // Before the key is made: a path that cannot be written must not cost the only chance.
        OwnerOnlyFile.Write(file, "");
        ApiKey key = await keys.Create(0, Permissions.Read | Permissions.Trade | Permissions.Admin);
        await audit.RecordHost("CreateFirstKey", key.KeyId);
        OwnerOnlyFile.Write(file, JsonSerializer.Serialize(new { key = key.KeyId, secret = key.RevealSecret() }, Json));
        messages.Say($"The first administrator's key is in {file}: move it to where secrets are kept.");
    }
}

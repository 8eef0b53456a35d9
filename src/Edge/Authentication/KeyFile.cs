using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exchange.Edge.Authentication;

/// <summary>The text of <c>keys.json</c>, version 1.</summary>
internal static class KeyFile
{
    private const string Format = "exchange-keys/1";

    internal sealed record Content(List<ApiKey> Keys, List<(TokenHash Hash, TokenGrant Grant)> Tokens);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IEnumerable<ApiKey> keys, IEnumerable<KeyValuePair<TokenHash, TokenGrant>> tokens, SecretVault vault)
    {
        var keyList = new JsonArray();
        foreach (ApiKey key in keys.OrderBy(key => key.CreatedMs).ThenBy(key => key.KeyId, StringComparer.Ordinal))
        {
            keyList.Add(new JsonObject
            {
                ["keyId"] = key.KeyId,
                ["accountId"] = key.Account,
                ["permissions"] = Names(key.Permissions),
                ["createdAt"] = key.CreatedMs,
                ["secret"] = vault.Encrypt(key.KeyId, key.RevealSecret()),
            });
        }

        var tokenList = new JsonArray();
        foreach ((TokenHash hash, TokenGrant grant) in tokens.OrderBy(token => token.Key.Hex(), StringComparer.Ordinal))
        {
            tokenList.Add(new JsonObject
            {
                ["sha256"] = hash.Hex(),
                ["keyId"] = grant.KeyId,
                ["accountId"] = grant.Account,
                ["permissions"] = Names(grant.Permissions),
                ["expiresAt"] = grant.ExpiresMs,
            });
        }

        return new JsonObject { ["format"] = Format, ["keys"] = keyList, ["tokens"] = tokenList }.ToJsonString(Indented) + "\n";
    }

    /// <exception cref="InvalidOperationException">Another version, a damaged file, or another master key.</exception>
    public static Content Read(string text, SecretVault vault, string path)
    {
        try
        {
            JsonNode root = JsonNode.Parse(text) ?? throw new JsonException("The file is empty.");
            if ((string?)root["format"] != Format)
                throw new InvalidOperationException($"{path} is not of format {Format}: use the version of the server that wrote it.");
            return new Content(
                [.. root["keys"]!.AsArray().Select(node => ReadKey(node!, vault))],
                [.. root["tokens"]!.AsArray().Select(node => ReadToken(node!))]);
        }
        catch (CryptographicException fault)
        {
            throw new InvalidOperationException($"{path} was written with another Keys:MasterKey, or was changed.", fault);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or NullReferenceException or OverflowException)
        {
            throw new InvalidOperationException($"{path} is damaged; restore it from a copy.", fault);
        }
    }

    private static ApiKey ReadKey(JsonNode node, SecretVault vault)
    {
        string keyId = (string)node["keyId"]!;
        return new ApiKey(
            keyId, (uint)node["accountId"]!, PermissionsOf(node), vault.Decrypt(keyId, (string)node["secret"]!), (long)node["createdAt"]!);
    }

    private static (TokenHash Hash, TokenGrant Grant) ReadToken(JsonNode node) =>
        (TokenHash.From(Convert.FromHexString((string)node["sha256"]!)),
            new TokenGrant((string)node["keyId"]!, (uint)node["accountId"]!, PermissionsOf(node), (long)node["expiresAt"]!));

    private static Permissions PermissionsOf(JsonNode node) =>
        PermissionNames.From(node["permissions"]!.AsArray().Select(name => (string)name!))
        ?? throw new FormatException("Unknown permission.");

    private static JsonArray Names(Permissions permissions) =>
        [.. PermissionNames.Of(permissions).Select(name => (JsonNode)name)];
}

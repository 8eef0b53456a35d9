using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exchange.Edge.Authentication;

/// <summary>The text of <c>keys.json</c>, version 2; version 1, without addresses, expiry and versions of the master key, is read too.</summary>
internal static class KeyFile
{
    private const string Format = "exchange-keys/2";
    private const string FirstFormat = "exchange-keys/1";

    internal sealed record Content(List<StoredKey> Keys, List<(TokenHash Hash, TokenGrant Grant)> Tokens);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IEnumerable<StoredKey> keys, IEnumerable<KeyValuePair<TokenHash, TokenGrant>> tokens)
    {
        var keyList = new JsonArray();
        foreach (StoredKey stored in keys.OrderBy(stored => stored.Key.CreatedMs).ThenBy(stored => stored.Key.KeyId, StringComparer.Ordinal))
            keyList.Add(NodeOf(stored));

        var tokenList = new JsonArray();
        foreach ((TokenHash hash, TokenGrant grant) in tokens.OrderBy(token => token.Key.Hex(), StringComparer.Ordinal))
        {
            tokenList.Add(new JsonObject
            {
                ["sha256"] = hash.Hex(),
                ["keyId"] = grant.KeyId,
                ["accountId"] = grant.Account,
                ["permissions"] = Texts(PermissionNames.Of(grant.Permissions)),
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
            if ((string?)root["format"] is not (Format or FirstFormat))
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

    private static JsonObject NodeOf(StoredKey stored)
    {
        ApiKey key = stored.Key;
        var node = new JsonObject
        {
            ["keyId"] = key.KeyId,
            ["accountId"] = key.Account,
            ["permissions"] = Texts(PermissionNames.Of(key.Permissions)),
            ["createdAt"] = key.CreatedMs,
            ["secret"] = stored.Sealed,
            ["masterKey"] = stored.MasterVersion,
        };
        if (!key.Terms.Addresses.IsAnywhere)
            node["addresses"] = Texts(key.Terms.Addresses.Texts);
        if (key.Terms.ExpiresMs != 0)
            node["expiresAt"] = key.Terms.ExpiresMs;
        if (key.Terms.MadeBy is not null)
            node["madeBy"] = key.Terms.MadeBy;
        return node;
    }

    private static StoredKey ReadKey(JsonNode node, SecretVault vault)
    {
        string keyId = (string)node["keyId"]!;
        string encrypted = (string)node["secret"]!;
        int masterVersion = (int?)node["masterKey"] ?? 1;
        var terms = new KeyTerms((uint)node["accountId"]!, PermissionsOf(node))
        {
            Addresses = AddressList.Parse([.. TextsOf(node["addresses"])]) ?? throw new FormatException("Malformed address."),
            ExpiresMs = (long?)node["expiresAt"] ?? 0,
            MadeBy = (string?)node["madeBy"],
        };
        return new StoredKey(
            new ApiKey(keyId, terms, vault.Decrypt(masterVersion, keyId, encrypted), (long)node["createdAt"]!), masterVersion, encrypted);
    }

    private static (TokenHash Hash, TokenGrant Grant) ReadToken(JsonNode node) =>
        (TokenHash.From(Convert.FromHexString((string)node["sha256"]!)),
            new TokenGrant((string)node["keyId"]!, (uint)node["accountId"]!, PermissionsOf(node), (long)node["expiresAt"]!));

    private static Permissions PermissionsOf(JsonNode node) =>
        PermissionNames.From(TextsOf(node["permissions"]!)) ?? throw new FormatException("Unknown permission.");

    private static IEnumerable<string> TextsOf(JsonNode? list) => list is null ? [] : list.AsArray().Select(text => (string)text!);

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}

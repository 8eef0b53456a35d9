using System.Text.Json;
using Exchange.Edge.Authentication;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Keys;

/// <summary>A key as the API tells it.</summary>
internal static class KeyJson
{
    public static readonly AnswerShape Shape = new("Key",
        new AnswerField("keyId", AnswerKind.Text, "Send it as X-Key."),
        new AnswerField("accountId", AnswerKind.Text, "Whose; 0: of administration alone."),
        new AnswerField("permissions", AnswerKind.List, "What it may do."),
        new AnswerField("addresses", AnswerKind.List, "Where it may be used from; empty: from anywhere."),
        new AnswerField("createdMs", AnswerKind.Integer, "When it was made."),
        new AnswerField("expiresMs", AnswerKind.Integer, "When it ends; absent: never.", IsOptional: true),
        new AnswerField("madeBy", AnswerKind.Text, "The key it was made with; absent: the server made it.", IsOptional: true));

    public static readonly AnswerShape CreatedShape = Shape.With("CreatedKey",
        new AnswerField("secret", AnswerKind.Text, "Sign with its ASCII bytes; it is shown only here."));

    public static readonly AnswerShape ListShape = new("Keys", new AnswerField("keys", AnswerKind.List, "Oldest first.", Shape: Shape));

    public static readonly AnswerShape RevokedShape = new("RevokedKey",
        new AnswerField("timeMs", AnswerKind.Integer, "The server's time when it was revoked."));

    /// <param name="withSecret">In the answer of its creation, and never again.</param>
    public static void Write(Utf8JsonWriter json, ApiKey key, bool withSecret)
    {
        json.WriteStartObject();
        json.WriteString("keyId"u8, key.KeyId);
        if (withSecret)
            json.WriteString("secret"u8, key.RevealSecret());
        json.WriteId("accountId"u8, key.Account);
        json.WriteTexts("permissions"u8, PermissionNames.Of(key.Permissions));
        json.WriteTexts("addresses"u8, key.Terms.Addresses.Texts);
        json.WriteNumber("createdMs"u8, key.CreatedMs);
        if (key.Terms.ExpiresMs != 0)
            json.WriteNumber("expiresMs"u8, key.Terms.ExpiresMs);
        if (key.Terms.MadeBy is not null)
            json.WriteString("madeBy"u8, key.Terms.MadeBy);
        json.WriteEndObject();
    }
}

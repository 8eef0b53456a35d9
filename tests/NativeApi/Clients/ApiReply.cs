using System.Net.Http.Headers;
using System.Text.Json;

namespace Exchange.NativeApi.Clients;

/// <summary>An answer of the server.</summary>
public sealed record ApiReply(int Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Status and code of a refusal, as "422 PRICE_TICK"; of anything else status and text.</summary>
    public string Refusal => IsSuccess || !Json.TryGetProperty("code", out JsonElement code) ? $"{Status} {Text}" : $"{Status} {code.GetString()}";

    /// <summary>A field's text: strings without their quotes, the rest as JSON.</summary>
    public string this[string field] => TextOf(Json.GetProperty(field));

    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>Itself, when it succeeded.</summary>
    public ApiReply Required(int status = 200) =>
        Status == status ? this : throw new InvalidOperationException($"Expected {status}, got {Status}: {Text}");
}

using System.Text.Json;

namespace Exchange.Edge.Json;

/// <summary>Lists of texts as the API writes them.</summary>
internal static class TextsJson
{
    public static void WriteTexts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}

using System.Text.Json;
using Exchange.Core.Units;

namespace Exchange.Edge.Json;

/// <summary>Numbers as the API writes them: decimals and ids as strings, formatted on the stack.</summary>
internal static class DecimalJson
{
    /// <summary>Ticks or lots as the decimal they stand for.</summary>
    public static void WriteSteps(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long steps, long stepE8) =>
        json.WriteE8(name, (Int128)steps * stepE8);

    /// <summary>Money, a rate or an index.</summary>
    public static void WriteE8(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Int128 valueE8)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxLength];
        json.WriteString(name, text[..DecimalText.FormatE8(valueE8, text)]);
    }

    /// <summary>An item of an array.</summary>
    public static void WriteE8Value(this Utf8JsonWriter json, Int128 valueE8)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxLength];
        json.WriteStringValue(text[..DecimalText.FormatE8(valueE8, text)]);
    }

    public static void WriteId(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong id)
    {
        Span<byte> text = stackalloc byte[20];
        id.TryFormat(text, out int length);
        json.WriteString(name, text[..length]);
    }
}

using System.Buffers.Text;
using System.Text.Json;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Json;

/// <summary>Values of fields; each method returns the refusal, or null and the value.</summary>
internal readonly ref partial struct JsonFields
{
    /// <inheritdoc cref="IBodyFields.MaxText"/>
    public const int MaxText = IBodyFields.MaxText;

    public bool Has(int field) => _tokens[field].Type != JsonTokenType.None;

    public Problem? CopyText(int field, scoped Span<byte> text, out int length)
    {
        length = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        if (Text(field, scratch, out ReadOnlySpan<byte> value) is { } problem)
            return problem;
        if (value.Length > text.Length)
            value = "\0"u8;
        value.CopyTo(text);
        length = value.Length;
        return null;
    }

    /// <summary>A string's bytes where they lie, or unescaped into <paramref name="scratch"/> (of <see cref="MaxText"/>).</summary>
    /// <remarks>Broken text comes out as one byte that no grammar accepts, so the field's own refusal answers.</remarks>
    public Problem? Text(int field, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        ref readonly FieldToken token = ref _tokens[field];
        value = default;
        if (token.Type != JsonTokenType.String)
            return Problems.WrongType(NameOf(field), "a string");

        value = _json.Slice(token.Start + 1, token.Length - 2);
        return token.IsEscaped ? Unescape(token, scratch, ref value) : null;
    }

    public Problem? AmountE8(int field, out long valueE8)
    {
        valueE8 = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        return DecimalText(field, scratch, out ReadOnlySpan<byte> text) ?? DecimalValues.AmountE8(NameOf(field), text, out valueE8);
    }

    /// <summary>A rate in 1e-8 that may be negative.</summary>
    public Problem? SignedE8(int field, out long valueE8)
    {
        valueE8 = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        return DecimalText(field, scratch, out ReadOnlySpan<byte> text) ?? DecimalValues.SignedE8(NameOf(field), text, out valueE8);
    }

    public Problem? Price(int field, long tickE8, out long ticks)
    {
        ticks = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        return DecimalText(field, scratch, out ReadOnlySpan<byte> text) ?? DecimalValues.Price(NameOf(field), text, tickE8, out ticks);
    }

    public Problem? Quantity(int field, long lotE8, out long lots)
    {
        lots = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        return DecimalText(field, scratch, out ReadOnlySpan<byte> text) ?? DecimalValues.Quantity(NameOf(field), text, lotE8, out lots);
    }

    private Problem? DecimalText(int field, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_tokens[field].Type != JsonTokenType.String)
            return Problems.WrongType(NameOf(field), "a decimal string such as \"30000.10\"");
        return Text(field, scratch, out text);
    }

    public Problem? Integer(int field, long largest, out long value)
    {
        value = 0;
        ref readonly FieldToken token = ref _tokens[field];
        if (token.Type != JsonTokenType.Number)
            return Problems.WrongType(NameOf(field), "a whole number");

        // Digits only: the JSON grammar would also admit -0, 1e3 and 1.0.
        ReadOnlySpan<byte> digits = _json.Slice(token.Start, token.Length);
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(digits, out value, out int consumed)
            || consumed != digits.Length
            || value > largest)
            return Problems.BadInteger(NameOf(field), largest);
        return null;
    }

    public Problem? Flag(int field, out bool value)
    {
        JsonTokenType type = _tokens[field].Type;
        value = type == JsonTokenType.True;
        return type is JsonTokenType.None or JsonTokenType.True or JsonTokenType.False ? null : Problems.WrongType(NameOf(field), "true or false");
    }

    public Problem? Name(int field, WireNames names, int absent, out int value)
    {
        value = absent;
        if (!Has(field))
            return null;
        Span<byte> scratch = stackalloc byte[MaxText];
        if (Text(field, scratch, out ReadOnlySpan<byte> text) is { } problem)
            return problem;
        return names.TryParse(text, out value)
            ? null
            : Problems.Field(ErrorCatalogue.BadValue, NameOf(field), $"{NameOf(field)} must be one of {names.Listed}.", names.Listed);
    }

    /// <summary>Where an object lies in the body.</summary>
    public Problem? Object(int field, out Range place)
    {
        ref readonly FieldToken token = ref _tokens[field];
        place = token.Start..(token.Start + token.Length);
        return token.Type == JsonTokenType.StartObject ? null : Problems.WrongType(NameOf(field), "an object");
    }

    /// <summary>Where the objects of an array lie in the body; stops looking one past <paramref name="most"/>.</summary>
    public Problem? Objects(int field, int most, List<Range> items)
    {
        ref readonly FieldToken token = ref _tokens[field];
        if (token.Type != JsonTokenType.StartArray)
            return Problems.WrongType(NameOf(field), "an array of objects");

        // The array was scanned before: its grammar holds.
        var reader = new Utf8JsonReader(_json.Slice(token.Start, token.Length));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && items.Count <= most)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return Problems.WrongType(NameOf(field), "an array of objects");
            int start = token.Start + (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(start..(token.Start + (int)reader.BytesConsumed));
        }

        return null;
    }

    /// <summary>An array of strings; stops reading one past <paramref name="most"/>.</summary>
    public Problem? Texts(int field, int most, List<string> texts)
    {
        ref readonly FieldToken token = ref _tokens[field];
        if (token.Type != JsonTokenType.StartArray)
            return Problems.WrongType(NameOf(field), "an array of strings");
        var reader = new Utf8JsonReader(_json.Slice(token.Start, token.Length));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && texts.Count <= most)
        {
            // No name that is known has an escape or is longer.
            if (reader.TokenType != JsonTokenType.String)
                return Problems.WrongType(NameOf(field), "an array of strings");
            texts.Add(reader.ValueSpan.Length > MaxText ? "" : System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
        }

        return null;
    }

    /// <summary>An array of whole numbers from 0 to <paramref name="largest"/>; stops reading one past <paramref name="most"/>.</summary>
    public Problem? Integers(int field, int most, long largest, List<long> numbers)
    {
        ref readonly FieldToken token = ref _tokens[field];
        if (token.Type != JsonTokenType.StartArray)
            return Problems.WrongType(NameOf(field), "an array of integers");
        var reader = new Utf8JsonReader(_json.Slice(token.Start, token.Length));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && numbers.Count <= most)
        {
            if (reader.TokenType != JsonTokenType.Number || !PlainInteger.TryParse(reader.ValueSpan, out long number) || number > largest)
                return Problems.BadInteger(NameOf(field), largest);
            numbers.Add(number);
        }

        return null;
    }

    /// <summary>An array of names as bits: name 0 is bit 0.</summary>
    public Problem? NameSet(int field, WireNames names, out int bits)
    {
        bits = 0;
        ref readonly FieldToken token = ref _tokens[field];
        if (token.Type != JsonTokenType.StartArray)
            return Problems.WrongType(NameOf(field), "an array of strings");
        var reader = new Utf8JsonReader(_json.Slice(token.Start, token.Length));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !names.TryParse(reader.ValueSpan, out int value))
                return Problems.Field(ErrorCatalogue.BadValue, NameOf(field), $"{NameOf(field)} must be a list of {names.Listed}.", names.Listed);
            bits |= 1 << value;
        }

        return bits != 0 ? null : Problems.Field(ErrorCatalogue.BadValue, NameOf(field), $"{NameOf(field)} is empty.", names.Listed);
    }

    public string NameOf(int field) => _shape.Fields[field].Name;

    private Problem? Unescape(in FieldToken token, Span<byte> scratch, ref ReadOnlySpan<byte> value)
    {
        if (token.Length > scratch.Length)
        {
            value = "\0"u8;
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(_json.Slice(token.Start, token.Length));
            reader.Read();
            int length = reader.CopyString(scratch);
            // The scratch is the caller's and lives as long as the value.
            value = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref scratch[0], length);
            return null;
        }
        catch (InvalidOperationException)
        {
            return new Problem(ErrorCatalogue.MalformedJson) { Detail = "A string has half of a surrogate pair." };
        }
    }
}

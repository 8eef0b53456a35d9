using System.Buffers.Text;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Units;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Json;

/// <summary>Values of fields; each method returns the refusal, or null and the value.</summary>
internal readonly ref partial struct JsonFields
{
    /// <summary>Longest string any field may hold, in bytes; longer ones are refused by their grammar anyway.</summary>
    public const int MaxText = 128;

    public bool Has(int field) => _tokens[field].Type != JsonTokenType.None;

    /// <summary>A string's bytes, unescaped into <paramref name="scratch"/> (of <see cref="MaxText"/>) where needed.</summary>
    /// <remarks>Too long or broken text comes out as one byte that no grammar accepts, so the field's own refusal answers.</remarks>
    public Problem? Text(int field, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        ref readonly FieldToken token = ref _tokens[field];
        value = default;
        if (token.Type != JsonTokenType.String)
            return Problems.WrongType(NameOf(field), "a string");

        value = _json.Slice(token.Start + 1, token.Length - 2);
        return token.IsEscaped ? Unescape(token, scratch, ref value) : null;
    }

    /// <summary>An amount of money or a rate in 1e-8, not negative.</summary>
    public Problem? AmountE8(int field, out long valueE8)
    {
        valueE8 = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        if (DecimalText(field, scratch, out ReadOnlySpan<byte> text) is { } problem)
            return problem;
        return Core.Units.DecimalText.ParseE8(text, out valueE8) switch
        {
            DecimalTextResult.Ok => null,
            DecimalTextResult.TooLarge => Problems.Field(ErrorCatalogue.AmountRange, NameOf(field), $"{NameOf(field)} is too large.", Largest),
            _ => Problems.BadDecimal(NameOf(field)),
        };
    }

    /// <summary>A rate in 1e-8 that may be negative.</summary>
    public Problem? SignedE8(int field, out long valueE8)
    {
        valueE8 = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        if (DecimalText(field, scratch, out ReadOnlySpan<byte> text) is { } problem)
            return problem;
        return Core.Units.DecimalText.ParseSignedE8(text, out valueE8) == DecimalTextResult.Ok ? null : Problems.BadDecimal(NameOf(field));
    }

    /// <summary>A price in ticks, 1 to 10^12.</summary>
    public Problem? Price(int field, long tickE8, out long ticks) => Steps(field, tickE8, PriceRules, out ticks);

    /// <summary>A quantity in lots, 1 to 10^12.</summary>
    public Problem? Quantity(int field, long lotE8, out long lots) => Steps(field, lotE8, QuantityRules, out lots);

    private static readonly StepRules PriceRules = new("tick", ErrorCatalogue.PriceTick, ErrorCatalogue.PriceRange, InstrumentLimits.MaxPriceTicks);
    private static readonly StepRules QuantityRules = new("lot", ErrorCatalogue.QtyStep, ErrorCatalogue.QtyRange, InstrumentLimits.MaxLots);

    private static string Largest => Core.Units.DecimalText.ToText(long.MaxValue);

    private sealed record StepRules(string StepName, ErrorEntry OffStep, ErrorEntry OutOfRange, long MostSteps);

    private Problem? Steps(int field, long stepE8, StepRules rules, out long steps)
    {
        steps = 0;
        Span<byte> scratch = stackalloc byte[MaxText];
        if (DecimalText(field, scratch, out ReadOnlySpan<byte> text) is { } problem)
            return problem;
        switch (Core.Units.DecimalText.ParseSteps(text, stepE8, out steps))
        {
            case DecimalTextResult.Ok when steps >= 1 && steps <= rules.MostSteps:
                return null;
            case DecimalTextResult.Ok or DecimalTextResult.TooLarge:
                long limit = steps == 0 ? 1 : rules.MostSteps;
                return Problems.Field(
                    rules.OutOfRange, NameOf(field), $"{NameOf(field)} must be from one {rules.StepName} to {rules.MostSteps} {rules.StepName}s.",
                    Core.Units.DecimalText.ToText((Int128)limit * stepE8));
            case DecimalTextResult.OffStep:
                return OffStep(NameOf(field), text, stepE8, rules);
            default:
                return Problems.BadDecimal(NameOf(field));
        }
    }

    private static Problem OffStep(string name, ReadOnlySpan<byte> text, long stepE8, StepRules rules)
    {
        string step = Core.Units.DecimalText.ToText(stepE8);
        if (Core.Units.DecimalText.ParseE8(text, out long valueE8) != DecimalTextResult.Ok)
            return Problems.Field(rules.OffStep, name, $"{name} is off {rules.StepName} {step}.", step);

        Int128 below = (Int128)(valueE8 / stepE8) * stepE8;
        string value = Core.Units.DecimalText.ToText(valueE8);
        string above = Core.Units.DecimalText.ToText(below + stepE8);
        string[] nearest = below == 0 ? [above] : [Core.Units.DecimalText.ToText(below), above];
        return new Problem(rules.OffStep)
        {
            Detail = $"{name} {value} is off {rules.StepName} {step}; nearest {string.Join(", ", nearest)}.",
            Field = name,
            Value = value,
            Limit = step,
            Nearest = nearest,
        };
    }

    private Problem? DecimalText(int field, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_tokens[field].Type != JsonTokenType.String)
            return Problems.WrongType(NameOf(field), "a decimal string such as \"30000.10\"");
        return Text(field, scratch, out text);
    }

    /// <summary>A whole JSON number from 0 to <paramref name="largest"/>.</summary>
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

    /// <summary>true or false; false when absent.</summary>
    public Problem? Flag(int field, out bool value)
    {
        JsonTokenType type = _tokens[field].Type;
        value = type == JsonTokenType.True;
        return type is JsonTokenType.None or JsonTokenType.True or JsonTokenType.False ? null : Problems.WrongType(NameOf(field), "true or false");
    }

    /// <summary>One of a set of names; <paramref name="absent"/> when the field is not there.</summary>
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

using System.Text;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Features;

/// <summary>What is put: a number or a text, from whom, known since when.</summary>
/// <param name="IsNumber">The value is a decimal.</param>
/// <param name="KnownMs">Null: not said.</param>
internal sealed record FeatureBody(bool IsNumber, string Value, string Source, long? KnownMs)
{
    private const int ValueField = 0;
    private const int TextField = 1;
    private const int SourceField = 2;
    private const int TimeField = 3;
    private const int IntegerDigits = 20;
    private const int FractionDigits = 18;

    /// <summary>A character may come escaped, in six bytes.</summary>
    private const int MostEscapedBytes = Feature.MaxValueLength * 6 + 2;

    public static readonly string ValueGrammar = $"a decimal of at most {IntegerDigits} digits before and {FractionDigits} after the point, or text of 1 to {Feature.MaxValueLength} characters, none of them a control character";

    public static readonly BodyShape Shape = new("PutFeature",
        new BodyField("value", FieldKind.Decimal, $"A number; it may be negative, with at most {IntegerDigits} digits before and {FractionDigits} after the point. Either this or text."),
        new BodyField("text", FieldKind.Text, $"Any text of 1 to {Feature.MaxValueLength} characters."),
        new BodyField("source", FieldKind.Text, $"Where it comes from: 1 to {FeatureName.MaxPartLength} of A-Z a-z 0-9 . _ -", IsRequired: true),
        new BodyField("timeMs", FieldKind.Integer, "When it became known; now when absent."));

    public static Problem? Read(ReadOnlySpan<byte> json, out FeatureBody body)
    {
        body = new FeatureBody(false, "", "", null);
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (ReadValue(fields, out bool isNumber, out string value) is { } badValue)
            return badValue;
        if (ReadText(fields, SourceField, IBodyFields.MaxText, out string source) is { } badSource)
            return badSource;
        if (!FeatureName.IsSource(source))
            return Problems.Field(ErrorCatalogue.BadFeatureName, "source");
        long knownMs = 0;
        if (fields.Has(TimeField) && fields.Integer(TimeField, WireLimits.LatestMs, out knownMs) is { } badTime)
            return badTime;
        body = new FeatureBody(isNumber, value, source, fields.Has(TimeField) ? knownMs : null);
        return null;
    }

    private static Problem? ReadValue(in JsonFields fields, out bool isNumber, out string value)
    {
        isNumber = fields.Has(ValueField);
        value = "";
        if (isNumber == fields.Has(TextField))
            return Problems.Field(ErrorCatalogue.BadFeatureValue, "value", "Exactly one of value and text must be given.", ValueGrammar);
        if (ReadText(fields, isNumber ? ValueField : TextField, MostEscapedBytes, out value) is { } malformed)
            return malformed;
        return (isNumber ? IsNumberText(value) : IsText(value))
            ? null
            : Problems.Field(ErrorCatalogue.BadFeatureValue, isNumber ? "value" : "text", limit: ValueGrammar);
    }

    private static Problem? ReadText(in JsonFields fields, int field, int mostBytes, out string text)
    {
        Problem? problem = fields.Text(field, new byte[mostBytes], out ReadOnlySpan<byte> utf8);
        text = problem is null ? Encoding.UTF8.GetString(utf8) : "";
        return problem;
    }

    /// <summary>A sign, digits, and a point with digits behind it.</summary>
    private static bool IsNumberText(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('-'))
            text = text[1..];
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        return IsDigits(whole, IntegerDigits) && (point < 0 || IsDigits(text[(point + 1)..], FractionDigits));
    }

    private static bool IsDigits(ReadOnlySpan<char> text, int most) =>
        text.Length >= 1 && text.Length <= most && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsText(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c))
                return false;
        }

        return text.Length is >= 1 and <= Feature.MaxValueLength;
    }
}

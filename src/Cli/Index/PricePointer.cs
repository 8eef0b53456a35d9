using System.Text;
using System.Text.Json;
using Exchange.Core.Units;

namespace Exchange.Cli.Index;

/// <summary>Where in a source's answer its price stands: a JSON pointer (RFC 6901), or nowhere, when the answer is the price.</summary>
internal sealed class PricePointer
{
    private readonly string[]? _steps;

    private PricePointer(string[]? steps) => _steps = steps;

    /// <param name="fragment">Of the source's address, with or without its <c>#</c>; empty: the answer is the price.</param>
    /// <param name="pointer">Null when it is no pointer.</param>
    public static bool TryParse(string fragment, out PricePointer? pointer)
    {
        string text = Uri.UnescapeDataString(fragment.TrimStart('#'));
        pointer = text.Length == 0
            ? new PricePointer(null)
            : text[0] == '/'
                ? new PricePointer([.. text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))])
                : null;
        return pointer is not null;
    }

    /// <summary>What stands there, as it is written; null: nothing does.</summary>
    public string? Find(ReadOnlyMemory<byte> answer)
    {
        if (_steps is null)
            return Encoding.UTF8.GetString(answer.Span).Trim();
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement at = document.RootElement;
            foreach (string step in _steps)
            {
                if (!TryStep(ref at, step))
                    return null;
            }

            return at.ValueKind == JsonValueKind.String ? at.GetString() : at.GetRawText();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryStep(ref JsonElement at, string step)
    {
        if (at.ValueKind == JsonValueKind.Object)
            return at.TryGetProperty(step, out at);
        if (at.ValueKind != JsonValueKind.Array || !int.TryParse(step, out int index) || index < 0 || index >= at.GetArrayLength())
            return false;
        at = at[index];
        return true;
    }

    /// <summary>The price in 1e-8; 0: it is no plain positive decimal. Digits behind the eighth are cut off, since venues send binary fractions.</summary>
    public static long PriceE8(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        int cut = point < 0 ? text.Length : Math.Min(text.Length, point + 1 + DecimalText.FractionDigits);
        bool isPlain = !text.AsSpan(cut).ContainsAnyExceptInRange('0', '9');
        return isPlain && DecimalText.ParseE8(text.AsSpan(0, cut), out long priceE8) == DecimalTextResult.Ok ? priceE8 : 0;
    }
}

using System.Globalization;

namespace Exchange.Cli.Replay;

/// <summary>A price in 1e-4 USD with the shares at it.</summary>
internal readonly record struct LobsterLevel(long PriceE4, long Shares);

/// <summary>Both sides of a book, best first; empty levels left out.</summary>
internal sealed record LobsterLevels(IReadOnlyList<LobsterLevel> Asks, IReadOnlyList<LobsterLevel> Bids)
{
    private const int FieldsOfLevel = 4;

    /// <summary>Reads ask price, ask size, bid price, bid size, level by level.</summary>
    /// <exception cref="FormatException">It is no such row.</exception>
    public static LobsterLevels Parse(ReadOnlySpan<char> row)
    {
        var fields = new List<long>();
        foreach (Range field in row.Split(','))
            fields.Add(long.Parse(row[field], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        if (fields.Count == 0 || fields.Count % FieldsOfLevel != 0)
            throw new FormatException($"{fields.Count} fields, not four a level");

        var asks = new List<LobsterLevel>();
        var bids = new List<LobsterLevel>();
        for (int at = 0; at < fields.Count; at += FieldsOfLevel)
        {
            Add(asks, fields[at], fields[at + 1]);
            Add(bids, fields[at + 2], fields[at + 3]);
        }

        return new LobsterLevels(asks, bids);
    }

    private static void Add(List<LobsterLevel> side, long priceE4, long shares)
    {
        if (shares > 0)
            side.Add(new LobsterLevel(priceE4, shares));
    }

    /// <summary>The first difference, in words; null: the same down to <paramref name="depth"/> levels a side.</summary>
    public string? DifferenceFrom(LobsterLevels actual, int depth) =>
        Difference("ask", Asks, actual.Asks, depth) ?? Difference("bid", Bids, actual.Bids, depth);

    private static string? Difference(string side, IReadOnlyList<LobsterLevel> expected, IReadOnlyList<LobsterLevel> actual, int depth)
    {
        for (int level = 0; level < depth; level++)
        {
            LobsterLevel reference = level < expected.Count ? expected[level] : default;
            LobsterLevel found = level < actual.Count ? actual[level] : default;
            if (reference != found)
                return $"{side} {level + 1} is {found.Shares} @ {found.PriceE4}, not {reference.Shares} @ {reference.PriceE4}";
        }

        return null;
    }
}

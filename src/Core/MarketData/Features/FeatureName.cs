namespace Exchange.Core.MarketData.Features;

/// <summary>What features are called: an entity, and within it <c>kind:interval:name</c>, such as <c>news:-:sentiment</c>.</summary>
/// <remarks>A part is 1 to 32, an entity 1 to 64, of A-Z a-z 0-9 . _ and -. What has no interval has <c>-</c> there.</remarks>
public static class FeatureName
{
    public const int MaxEntityLength = 64;
    public const int MaxPartLength = 32;
    public const int Parts = 3;

    /// <summary>Stands between parts, and between entity and name.</summary>
    public const char Separator = ':';

    public static bool IsEntity(ReadOnlySpan<char> text) => IsWord(text, MaxEntityLength);

    /// <summary>Where a feature came from; as a part.</summary>
    public static bool IsSource(ReadOnlySpan<char> text) => IsWord(text, MaxPartLength);

    public static bool IsName(ReadOnlySpan<char> text) => PartsOf(text) == Parts;

    /// <summary>The first parts of a name, whole ones; or nothing.</summary>
    public static bool IsPrefix(ReadOnlySpan<char> text) => text.IsEmpty || PartsOf(text) is >= 1 and <= Parts;

    /// <summary>The first part of a name.</summary>
    public static ReadOnlySpan<char> KindOf(ReadOnlySpan<char> name) => name[..name.IndexOf(Separator)];

    /// <summary>The second part of a name.</summary>
    public static ReadOnlySpan<char> IntervalOf(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> rest = name[(name.IndexOf(Separator) + 1)..];
        return rest[..rest.IndexOf(Separator)];
    }

    /// <summary>How many parts it has; 0: one of them is none.</summary>
    private static int PartsOf(ReadOnlySpan<char> text)
    {
        int parts = 0;
        foreach (Range part in text.Split(Separator))
        {
            if (!IsWord(text[part], MaxPartLength))
                return 0;
            parts++;
        }

        return parts;
    }

    private static bool IsWord(ReadOnlySpan<char> text, int longest)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                return false;
        }

        return text.Length >= 1 && text.Length <= longest;
    }
}

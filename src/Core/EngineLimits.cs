namespace Exchange.Core;

/// <summary>Bounds of one engine; docs/limits.md tells what happens at each.</summary>
public static class EngineLimits
{
    /// <summary>Account ids run from 1 to here; the table of accounts has a word for each up to the highest in use.</summary>
    public const uint MaxAccountId = 16_777_215;

    /// <summary>Symbols that may be listed: each is a book, a mark and its views, about a megabyte even when nobody trades it.</summary>
    public const int MaxSymbols = 1_024;

    /// <summary>
    /// Accounts looked at and events told in an input's share of a liquidation pass: about a millisecond. One account is worked whole,
    /// as one order is matched whole.
    /// </summary>
    public const int SliceWork = 1_024;
}

namespace Exchange.Cli.Index;

/// <summary>What a source said last.</summary>
/// <param name="PriceE8">In 1e-8 USDT; 0: it was no price.</param>
/// <param name="TimeMs">When it was said, ms since the Unix epoch.</param>
/// <param name="Said">Its words, for whoever is told why it does not count.</param>
internal sealed record SourceReading(long PriceE8, long TimeMs, string Said);

/// <summary>What became of a source in a round.</summary>
internal enum SourceState
{
    Used = 0,

    /// <summary>It has not said anything yet.</summary>
    Silent = 1,

    /// <summary>What it said last is too old.</summary>
    Stale = 2,

    /// <summary>What it said last is no plain positive decimal.</summary>
    NotAPrice = 3,

    /// <summary>Its price is too far from the median of all that have one.</summary>
    FarFromMedian = 4,
}

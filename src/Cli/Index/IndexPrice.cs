namespace Exchange.Cli.Index;

/// <summary>One index price out of what several sources say: the median of those that are fresh and agree.</summary>
/// <param name="PriceE8">In 1e-8 USDT; 0: too few sources are left, so nothing is to be posted.</param>
/// <param name="States">Of each source, in the order given.</param>
/// <param name="Used">How many count.</param>
internal sealed record IndexPrice(long PriceE8, SourceState[] States, int Used)
{
    private const long OneE8 = 100_000_000;

    /// <param name="readings">By source; null: it has said nothing yet.</param>
    /// <param name="nowMs">Ms since the Unix epoch.</param>
    /// <param name="staleMs">A reading older than this does not count.</param>
    /// <param name="deviationE8">Farthest a price may be from the median of the fresh ones, as a part of it in 1e-8.</param>
    /// <param name="minSources">Fewer than so many left: no price.</param>
    public static IndexPrice Of(IReadOnlyList<SourceReading?> readings, long nowMs, long staleMs, long deviationE8, int minSources)
    {
        var states = new SourceState[readings.Count];
        var pricesE8 = new List<long>(readings.Count);
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = readings[i] switch
            {
                null => SourceState.Silent,
                { PriceE8: <= 0 } => SourceState.NotAPrice,
                { TimeMs: var timeMs } when nowMs - timeMs > staleMs => SourceState.Stale,
                _ => SourceState.Used,
            };
            if (states[i] == SourceState.Used)
                pricesE8.Add(readings[i]!.PriceE8);
        }

        if (pricesE8.Count == 0)
            return new IndexPrice(0, states, 0);
        long medianE8 = MedianE8(pricesE8);
        pricesE8.Clear();
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] != SourceState.Used)
                continue;
            long priceE8 = readings[i]!.PriceE8;
            if (Int128.Abs((Int128)priceE8 - medianE8) * OneE8 > (Int128)medianE8 * deviationE8)
                states[i] = SourceState.FarFromMedian;
            else
                pricesE8.Add(priceE8);
        }

        return new IndexPrice(pricesE8.Count < Math.Max(1, minSources) ? 0 : MedianE8(pricesE8), states, pricesE8.Count);
    }

    /// <summary>The middle one; of an even number the mean of the two in the middle, rounded down.</summary>
    private static long MedianE8(List<long> pricesE8)
    {
        pricesE8.Sort();
        int middle = pricesE8.Count / 2;
        return pricesE8.Count % 2 == 1
            ? pricesE8[middle]
            : (long)(((Int128)pricesE8[middle - 1] + pricesE8[middle]) / 2);
    }
}

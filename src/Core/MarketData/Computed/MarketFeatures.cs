using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;

namespace Exchange.Core.MarketData.Computed;

/// <summary>The features that the venue makes of all symbols.</summary>
/// <remarks>Moved on by one thread, never an engine's: it only reads what readers are shown. Any number of threads read.</remarks>
public sealed class MarketFeatures(ComputedFeatures features, int kept)
{
    /// <summary>Who made them.</summary>
    public const string Source = "venue";

    private ImmutableArray<SymbolFeatures> _symbols = [];

    public ComputedFeatures Features => features;

    /// <summary>One of a symbol; null: it is not followed yet.</summary>
    public SymbolFeatures? Of(int symbolId)
    {
        ImmutableArray<SymbolFeatures> symbols = _symbols;
        return symbolId >= 0 && symbolId < symbols.Length ? symbols[symbolId] : null;
    }

    /// <summary>Takes what happened; of many candles at once (at a start) the symbols that are traded most come first.</summary>
    /// <param name="most">Candles at most.</param>
    /// <returns>Nothing is left.</returns>
    public bool Advance(IMarketViews markets, IReadOnlyList<Instrument> instruments, int most)
    {
        Follow(instruments);
        int left = most;
        bool isBehind = false;
        foreach (SymbolFeatures symbol in _symbols)
        {
            int turn = Math.Min(left, MostAtOnce);
            int taken = symbol.Advance(markets, turn);
            left -= taken;
            isBehind |= taken == turn;
        }

        if (!isBehind)
            return true;
        foreach (SymbolFeatures symbol in _symbols.OrderByDescending(symbol => markets.GetTicker(symbol.SymbolId).QuoteE8))
            left -= symbol.Advance(markets, left);
        return left > 0;
    }

    /// <summary>In the present everybody gets a turn before those who have much to take.</summary>
    private const int MostAtOnce = 2 * CandleIntervals.Count;

    /// <summary>Features of a symbol as they were known at a time, by name; those that are not defined are left out.</summary>
    /// <param name="after">Only what lies behind this name. Null: all.</param>
    /// <param name="limit">At most; one more says that there is more.</param>
    public List<Feature> List(Instrument instrument, string prefix, string? after, int limit, long asOfMs)
    {
        var page = new List<Feature>();
        (int from, int end) = features.RunOf(prefix, after);
        for (int i = from; i < end && page.Count < limit; i++)
        {
            if (Find(instrument, i, asOfMs) is { } feature)
                page.Add(feature);
        }

        return page;
    }

    /// <summary>One as it was known at a time; null: there is no such, or it was not defined.</summary>
    public Feature? Find(Instrument instrument, string name, long asOfMs)
    {
        int place = features.Find(name);
        return place < 0 ? null : Find(instrument, place, asOfMs);
    }

    /// <summary>Those of a group (<see cref="ComputedFeature.Group"/>) as they are now, if they became known after a time.</summary>
    public IEnumerable<Feature> Since(Instrument instrument, int group, long afterMs)
    {
        if (Of(instrument.SymbolId) is not { } symbol)
            yield break;
        foreach (ComputedFeature feature in features.ByGroup[group])
        {
            (double value, long knownMs) = symbol.At(in feature, long.MaxValue);
            if (knownMs > afterMs && !double.IsNaN(value))
                yield return Make(instrument, in feature, value, knownMs);
        }
    }

    private Feature? Find(Instrument instrument, int place, long asOfMs)
    {
        ComputedFeature feature = features.All[place];
        if (Of(instrument.SymbolId)?.At(in feature, asOfMs) is not { } at || double.IsNaN(at.Value))
            return null;
        return FeatureClasses.ExpiresMs(feature.Name, at.KnownMs) <= asOfMs ? null : Make(instrument, in feature, at.Value, at.KnownMs);
    }

    private static Feature Make(Instrument instrument, in ComputedFeature feature, double value, long knownMs) =>
        new(instrument.Symbol, feature.Name, true, NumberText.Of(value), Source, knownMs);

    private void Follow(IReadOnlyList<Instrument> instruments)
    {
        for (int symbol = _symbols.Length; symbol < instruments.Count; symbol++)
            _symbols = _symbols.Add(new SymbolFeatures(features, instruments[symbol], kept));
    }
}

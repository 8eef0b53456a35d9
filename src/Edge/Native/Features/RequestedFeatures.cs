using System.Collections.Concurrent;
using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;
using Exchange.Core.MarketData.Indicators;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Features;

/// <summary>Indicators that are not made of every candle: made when somebody asks, of the candles that are kept, and kept until the next one closes.</summary>
/// <remarks>However many ask for one at once, one of them makes it and the others wait. Those asked for most stay (<see cref="TinyLfuCache{TKey,TValue}"/>).</remarks>
internal sealed class RequestedFeatures(IExchange exchange)
{
    private const int MostKept = 10_000;

    private readonly Lock _gate = new();
    private readonly TinyLfuCache<string, Feature?> _made = new(MostKept, 1, MostKept, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Feature?>> _making = new(StringComparer.Ordinal);
    private long _computations;

    /// <summary>How often one was made.</summary>
    public long Computations => Interlocked.Read(ref _computations);

    /// <summary>As it is now; null: there is no such indicator, or it is not defined.</summary>
    /// <param name="name">Such as <c>indicator:1m:sma-50</c> or <c>indicator:1h:bb-20-2.5.upperBand</c>.</param>
    public Feature? Find(Instrument instrument, string name)
    {
        if (!CandleIntervals.TryParse(FeatureName.IntervalOf(name), out CandleInterval interval) || Parse(name) is not { } set)
            return null;
        long nowMs = exchange.GetTicker(instrument.SymbolId).TimeMs;
        string key = string.Create(CultureInfo.InvariantCulture, $"{instrument.SymbolId}:{name}");
        lock (_gate)
        {
            if (_made.TryGet(key, nowMs, out Feature? known))
                return known;
        }

        Lazy<Feature?> making = _making.GetOrAdd(key, _ => new Lazy<Feature?>(() => Make(instrument, name, interval, set, nowMs)));
        Feature? made = making.Value;
        lock (_gate)
            _made.Put(key, made, 1, interval.NextOpenTimeMs(interval.OpenTimeMs(nowMs)), nowMs);
        _making.TryRemove(new(key, making));
        return made;
    }

    private Feature? Make(Instrument instrument, string name, CandleInterval interval, IndicatorSet set, long nowMs)
    {
        Interlocked.Increment(ref _computations);
        var one = new SymbolFeatures(new ComputedFeatures(set), instrument, kept: 1);
        return one.Find(exchange, interval, name, nowMs) is var (value, knownMs) && !double.IsNaN(value)
            ? new Feature(instrument.Symbol, name, true, NumberText.Of(value), MarketFeatures.Source, knownMs)
            : null;
    }

    /// <summary>The one indicator that has such a label; null: there is none.</summary>
    private static IndicatorSet? Parse(string name)
    {
        string label = name[(name.LastIndexOf(FeatureName.Separator) + 1)..];
        foreach (IndicatorKind kind in IndicatorCatalogue.All)
        {
            if (!label.StartsWith(kind.Name + "-", StringComparison.Ordinal))
                continue;
            string rest = label[(kind.Name.Length + 1)..];
            if (kind.Outputs.FirstOrDefault(output => rest.EndsWith("." + output, StringComparison.Ordinal)) is { } told)
                rest = rest[..^(told.Length + 1)];
            if (IndicatorSet.TryMake([$"{kind.Name}({rest.Replace('-', ',')})"], out IndicatorSet? set) is null && set!.Labels.Contains(label))
                return set;
        }

        return null;
    }
}

using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Core.MarketData.Computed;

/// <summary>The features that the venue makes of one symbol: of its candles as they close, and of its book every second.</summary>
/// <remarks>
/// A function of what the exchange shows, so it can be made anew at any time from the candles that are kept; one that fell behind by more than
/// those begins anew. One thread moves it on, any number read; a lock is held for the candles of one interval, or a value.
/// </remarks>
public sealed class SymbolFeatures
{
    private const double One = 1e8;

    private readonly Lock _gate = new();
    private readonly ComputedFeatures _features;
    private readonly CandleFeatures[] _candles = new CandleFeatures[CandleIntervals.Count];
    private readonly ValueHistory _book;
    private readonly double _tickE8;
    private readonly double _lotE8;
    private long _bookDueMs;
    private Int128? _flowLots;
    private long _readMs = -1;
    private long _version;

    /// <param name="kept">Closed candles of an interval, and seconds of the book, whose values are kept.</param>
    public SymbolFeatures(ComputedFeatures features, Instrument instrument, int kept)
    {
        _features = features;
        SymbolId = instrument.SymbolId;
        _tickE8 = instrument.TickE8;
        _lotE8 = instrument.LotE8;
        _book = new ValueHistory(ComputedFeatures.BookColumns, kept);
        foreach (CandleInterval interval in CandleIntervals.All)
            _candles[(int)interval] = new CandleFeatures(features.Indicators, interval, _tickE8, _lotE8, kept);
    }

    public int SymbolId { get; }

    /// <summary>Numbers that change when any of its features may have.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Takes what closed, and looks at the book when its second is over.</summary>
    /// <param name="most">Candles at most; what is left is taken the next time.</param>
    /// <returns>How many candles were taken.</returns>
    public int Advance(IMarketViews markets, int most)
    {
        long nowMs = markets.GetTicker(SymbolId).TimeMs;
        if (nowMs == _readMs)
            return 0;
        int taken = 0;
        foreach (CandleInterval interval in CandleIntervals.All)
            taken += Advance(markets, interval, nowMs, most - taken);
        if (nowMs >= _bookDueMs)
        {
            Look(markets.GetDepth(SymbolId, ComputedFeatures.ImbalanceLevels), nowMs);
            _bookDueMs = CandleInterval.OneSecond.NextOpenTimeMs(CandleInterval.OneSecond.OpenTimeMs(nowMs));
        }

        if (taken < most)
            _readMs = nowMs;
        return taken;
    }

    /// <summary>One feature of the candles that are kept, made for this once: only its interval is moved on.</summary>
    public (double Value, long KnownMs) Find(IMarketViews markets, CandleInterval interval, string name, long nowMs)
    {
        int place = _features.Find(name);
        if (place < 0)
            return (double.NaN, 0);
        Advance(markets, interval, nowMs, Limits.CandlesPerInterval);
        return At(_features.All[place], long.MaxValue);
    }

    /// <summary>A feature as it was known at a time; NaN: it was not, or was not defined.</summary>
    public (double Value, long KnownMs) At(in ComputedFeature feature, long asOfMs)
    {
        lock (_gate)
            return feature.IsOfBook ? _book.At(asOfMs, feature.Column) : _candles[(int)feature.Interval].At(asOfMs, feature.Column);
    }

    private int Advance(IMarketViews markets, CandleInterval interval, long nowMs, int most)
    {
        CandleFeatures features = _candles[(int)interval];
        if (most <= 0 || (features.NextOpenMs != 0 && nowMs < interval.NextOpenTimeMs(features.NextOpenMs)))
            return 0;
        long fromMs = interval.EarlierOpenTimeMs(interval.OpenTimeMs(nowMs), Limits.CandlesPerInterval - 1);
        bool isBehind = features.NextOpenMs < fromMs;
        CandlesView view = markets.GetCandles(
            SymbolId, interval, isBehind ? fromMs : features.NextOpenMs, nowMs, Math.Min(most, Limits.CandlesPerInterval), CandlePrice.Trade);
        lock (_gate)
        {
            int taken = 0;
            foreach (ref readonly Candle candle in view.Items.AsSpan())
            {
                if (interval.NextOpenTimeMs(candle.OpenTimeMs) > view.TimeMs)
                    break;
                if (features.NextOpenMs != 0 && candle.OpenTimeMs != features.NextOpenMs)
                    features.Clear();
                features.Close(in candle);
                taken++;
            }

            _version += taken;
            return taken;
        }
    }

    private void Look(DepthView depth, long nowMs)
    {
        Span<double> values = stackalloc double[ComputedFeatures.BookColumns];
        values.Fill(double.NaN);
        if (depth.Bids.Length != 0 && depth.Asks.Length != 0)
        {
            (double bid, double bidLots) = (depth.Bids[0].PriceTicks, depth.Bids[0].Lots);
            (double ask, double askLots) = (depth.Asks[0].PriceTicks, depth.Asks[0].Lots);
            values[0] = (ask - bid) * _tickE8 / One;
            values[1] = (bid + ask) / 2 * _tickE8 / One;
            values[2] = (bid * askLots + ask * bidLots) / (bidLots + askLots) * _tickE8 / One;
            double bids = LotsOf(depth.Bids);
            double asks = LotsOf(depth.Asks);
            values[3] = (bids - asks) / (bids + asks);
            if (_flowLots is { } before)
                values[4] = (double)(depth.FlowLots - before) * _lotE8 / One;
        }

        _flowLots = depth.FlowLots;
        lock (_gate)
        {
            _book.Add(nowMs, values);
            _version++;
        }
    }

    private static double LotsOf(LevelView[] levels)
    {
        double lots = 0;
        foreach (LevelView level in levels)
            lots += level.Lots;
        return lots;
    }
}

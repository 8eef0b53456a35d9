using Exchange.Core.MarketData.Indicators;

namespace Exchange.Core.MarketData.Computed;

/// <summary>The features made of a symbol's candles of one interval, each candle once and in order.</summary>
/// <param name="indicators">Which.</param>
/// <param name="interval">Whose candles.</param>
/// <param name="tickE8">Of the symbol; prices become the number that is nearest to their decimal.</param>
/// <param name="lotE8">Of the symbol.</param>
/// <param name="kept">Closed candles whose values are kept.</param>
internal sealed class CandleFeatures(IndicatorSet indicators, CandleInterval interval, double tickE8, double lotE8, int kept)
{
    private const double One = 1e8;
    private const long DayMs = 86_400_000;

    /// <summary>Half of the seconds that are kept: whoever has those kept has a session's.</summary>
    private const long SessionOfSecondsMs = 900_000;

    private readonly ValueHistory _history = new(ComputedFeatures.TapeColumns + indicators.Labels.Length, kept);
    private readonly double[] _values = new double[ComputedFeatures.TapeColumns + indicators.Labels.Length];
    private double[] _state = [];

    /// <summary>Where the next candle begins; 0: there was none.</summary>
    public long NextOpenMs { get; private set; }

    /// <summary>Takes a candle that is final.</summary>
    public void Close(in Candle candle)
    {
        Invariant.Holds(NextOpenMs == 0 || candle.OpenTimeMs == NextOpenMs);
        if (_state.Length == 0)
            _state = new double[indicators.StateLength];
        long nextOpenMs = interval.NextOpenTimeMs(candle.OpenTimeMs);
        double volume = (double)candle.Lots * lotE8 / One;
        _values[ComputedFeatures.Sign] = candle.Lots == 0 ? double.NaN : (double)(2 * candle.TakerBuyLots - candle.Lots) / (double)candle.Lots;
        _values[ComputedFeatures.Rate] = candle.Trades * 1_000.0 / (nextOpenMs - candle.OpenTimeMs);
        var bar = new Bar(
            PriceOf(candle.OpenTicks), PriceOf(candle.HighTicks), PriceOf(candle.LowTicks), PriceOf(candle.CloseTicks), volume);
        indicators.Add(_state, in bar, IsSessionBegin(candle.OpenTimeMs), _values.AsSpan(ComputedFeatures.TapeColumns));
        NextOpenMs = nextOpenMs;
        _history.Add(nextOpenMs, _values);
    }

    /// <summary>Begins as if there had been no candle.</summary>
    public void Clear()
    {
        NextOpenMs = 0;
        Array.Clear(_state);
        _history.Clear();
    }

    /// <inheritdoc cref="ValueHistory.At"/>
    public (double Value, long KnownMs) At(long asOfMs, int column) => _history.At(asOfMs, column);

    private double PriceOf(long ticks) => ticks * tickE8 / One;

    /// <summary>A day; of seconds a quarter of an hour; of days and longer all there is.</summary>
    private bool IsSessionBegin(long openMs)
    {
        long lengthMs = interval.NextOpenTimeMs(openMs) - openMs;
        return lengthMs < DayMs && openMs % (interval == CandleInterval.OneSecond ? SessionOfSecondsMs : DayMs) == 0;
    }
}

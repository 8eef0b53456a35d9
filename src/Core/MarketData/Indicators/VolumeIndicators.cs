namespace Exchange.Core.MarketData.Indicators;

/// <summary>On-balance volume: all volume of bars that closed higher, less that of bars that closed lower.</summary>
/// <remarks>State: whether there was a bar, its close, the balance.</remarks>
public sealed class OnBalanceVolume : Indicator
{
    public OnBalanceVolume()
        : base(3, "obv")
    {
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        if (state[0] != 0)
            state[2] += Math.Sign(bar.Close - state[1]) * bar.Volume;
        state[0] = 1;
        state[1] = bar.Close;
        values[0] = state[2];
    }
}

/// <summary>Volume-weighted average price since the first bar, of the bars' typical prices.</summary>
/// <remarks>State: the sum of price times volume, the sum of volume.</remarks>
public sealed class VolumeWeightedPrice : Indicator
{
    public VolumeWeightedPrice()
        : base(2, "vwap")
    {
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        state[0] += bar.Typical * bar.Volume;
        state[1] += bar.Volume;
        values[0] = Share(state[0], state[1]);
    }
}

/// <summary>Money flow index: volume at typical prices that rose against that at prices that rose or fell, 0 to 100.</summary>
/// <remarks>State: whether there was a bar, its typical price, the sum of rises, the sum of falls.</remarks>
public sealed class MoneyFlowIndex : Indicator
{
    private const int Head = 2;

    private readonly int _length;

    public MoneyFlowIndex(int period)
        : base(Head + 2 * MovingSum.Length(period), "mfi")
    {
        CheckPeriod(period);
        _length = MovingSum.Length(period);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double price = bar.Typical;
        double before = state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = price;
        values[0] = double.NaN;
        if (isFirst)
            return;
        double flow = price * bar.Volume;
        double rises = MovingSum.Add(state.Slice(Head, _length), price > before ? flow : 0);
        double falls = MovingSum.Add(state[(Head + _length)..], price < before ? flow : 0);
        if (!double.IsNaN(rises))
            values[0] = falls == 0 ? 100 : 100 - 100 / (1 + rises / falls);
    }
}

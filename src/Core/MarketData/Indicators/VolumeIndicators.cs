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
        state[0] += (bar.High + bar.Low + bar.Close) / 3 * bar.Volume;
        state[1] += bar.Volume;
        values[0] = state[1] == 0 ? double.NaN : state[0] / state[1];
    }
}

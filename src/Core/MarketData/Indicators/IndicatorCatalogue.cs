using System.Collections.Immutable;
using static Exchange.Core.MarketData.Indicators.IndicatorParameter;

namespace Exchange.Core.MarketData.Indicators;

/// <summary>All indicators there are; docs/indicators.md is made from it.</summary>
public static class IndicatorCatalogue
{
    public static readonly ImmutableArray<IndicatorKind> All =
    [
        new("adx", "Average directional index", [Period("period", 14, 2)], p => new DirectionalMovement((int)p[0])),
        new("aroon", "Aroon up and down", [Period("period", 25)], p => new Aroon((int)p[0])),
        new("atr", "Average true range", [Period("period", 14)], p => new AverageTrueRange((int)p[0])),
        new("bb", "Bollinger bands", [Period("period", 20), Number("deviations", 2, 0.01, 100)], p => new BollingerBands((int)p[0], p[1])),
        new("cci", "Commodity channel index", [Period("period", 20)], p => new CommodityChannel((int)p[0])),
        new("chaikin-osc", "Chaikin oscillator", [Period("fast", 3), Period("slow", 10)], p => new ChaikinOscillator((int)p[0], (int)p[1]))
        {
            IsFirstBelowSecond = true, SinceTheBeginning = ["adl", "fastEma", "slowEma"],
        },
        new("cmf", "Chaikin money flow", [Period("period", 20)], p => new ChaikinMoneyFlow((int)p[0])),
        new("dema", "Double exponential moving average", [Period("period", 14)], p => new DoubleExponentialAverage((int)p[0])),
        new("donchian", "Donchian channel", [Period("period", 20)], p => new DonchianChannel((int)p[0])),
        new("ema", "Exponential moving average", [Period("period", 20)], p => new ExponentialMovingAverage((int)p[0])),
        new("hma", "Hull moving average", [Period("period", 14, 2)], p => new HullMovingAverage((int)p[0])),
        new("keltner", "Keltner channel", [Period("emaPeriod", 20), Number("ranges", 2, 0.01, 100), Period("atrPeriod", 10)],
            p => new KeltnerChannel((int)p[0], p[1], (int)p[2])),
        new("macd", "Moving average convergence and divergence", [Period("fast", 12), Period("slow", 26), Period("signal", 9)],
            p => new MovingAverageConvergence((int)p[0], (int)p[1], (int)p[2])) { IsFirstBelowSecond = true },
        new("mfi", "Money flow index", [Period("period", 14)], p => new MoneyFlowIndex((int)p[0])),
        new("obv", "On-balance volume", [], _ => new OnBalanceVolume()) { SinceTheBeginning = ["obv"] },
        new("psar", "Parabolic stop and reverse", [Number("step", 0.02, 0.0001, 1), Number("most", 0.2, 0.0001, 1)], p => new ParabolicStop(p[0], p[1])) { IsFirstBelowSecond = true },
        new("realised-volatility", "Root of the sum of squared logarithmic returns", [Period("period", 20)], p => new RealisedVolatility((int)p[0])),
        new("returns", "Simple and logarithmic return", [Period("period", 1)], p => new Returns((int)p[0])),
        new("roc", "Rate of change and momentum", [Period("period", 14)], p => new RateOfChange((int)p[0])),
        new("rsi", "Relative strength index", [Period("period", 14)], p => new RelativeStrength((int)p[0])),
        new("sma", "Simple moving average", [Period("period", 20)], p => new SimpleMovingAverage((int)p[0])),
        new("smma", "Smoothed moving average", [Period("period", 20)], p => new SmoothedMovingAverage((int)p[0])),
        new("stdev", "Standard deviation", [Period("period", 14)], p => new StandardDeviation((int)p[0])),
        new("stoch", "Stochastic oscillator", [Period("period", 14), Period("signal", 3), Period("smoothing", 3)],
            p => new Stochastic((int)p[0], (int)p[1], (int)p[2])) { Aliases = Aliases(("oscillator", "k"), ("signal", "d"), ("percentJ", "j")) },
        new("stoch-rsi", "Stochastic oscillator of the relative strength index",
            [Period("rsiPeriod", 14), Period("period", 14), Period("signal", 3), Period("smoothing", 1)],
            p => new StochasticStrength((int)p[0], (int)p[1], (int)p[2], (int)p[3])),
        new("supertrend", "SuperTrend", [Period("period", 10), Number("ranges", 3, 0.01, 100)], p => new SuperTrend((int)p[0], p[1])),
        new("tema", "Triple exponential moving average", [Period("period", 20)], p => new TripleExponentialAverage((int)p[0])),
        new("tr", "True range", [], _ => new TrueRange()),
        new("vwap", "Volume-weighted average price", [], _ => new VolumeWeightedPrice()) { SinceTheBeginning = ["vwap"] },
        new("vwma", "Volume-weighted moving average", [Period("period", 14)], p => new VolumeWeightedAverage((int)p[0])),
        new("willr", "Williams %R", [Period("period", 14)], p => new WilliamsRange((int)p[0])),
        new("wma", "Weighted moving average", [Period("period", 14)], p => new WeightedMovingAverage((int)p[0])),
    ];

    /// <summary>The one of a name; null: there is none.</summary>
    public static IndicatorKind? Find(ReadOnlySpan<char> name)
    {
        foreach (IndicatorKind kind in All)
        {
            if (name.SequenceEqual(kind.Name))
                return kind;
        }

        return null;
    }

    private static ImmutableDictionary<string, string> Aliases(params (string Other, string Output)[] names) =>
        names.ToImmutableDictionary(name => name.Other, name => name.Output, StringComparer.Ordinal);
}

using Exchange.Core.MarketData.Indicators;

namespace Exchange.Core.Tests.MarketData;

public sealed class IndicatorSetTests
{
    [Fact]
    public void Labels_say_indicator_parameters_and_output()
    {
        Assert.Null(IndicatorSet.TryMake(["rsi", "sma(50)", "bb(20, 2.5)", "chaikin-osc"], out IndicatorSet? set));

        Assert.Equal(
            [
                "rsi", "sma-50", "bb-20-2.5.sma", "bb-20-2.5.upperBand", "bb-20-2.5.lowerBand", "bb-20-2.5.percentB", "bb-20-2.5.zScore", "bb-20-2.5.width",
                "chaikin-osc.moneyFlowMultiplier", "chaikin-osc.moneyFlowVolume", "chaikin-osc.oscillator",
            ],
            set!.Labels.ToArray());
    }

    [Theory]
    [InlineData("nothing", "There is no indicator 'nothing'.")]
    [InlineData("sma(50", "'sma(50' has no closing bracket.")]
    [InlineData("sma(x)", "'x' of 'sma(x)' is no number.")]
    [InlineData("sma(0)", "period of sma is a whole number from 1 to 10000.")]
    [InlineData("sma", "'sma' is there twice.")]
    [InlineData("chaikin-osc(3,10)", "'chaikin-osc-3-10.moneyFlowMultiplier' is longer than 32 characters.")]
    public void What_is_no_indicator_is_told(string text, string problem) => Assert.Equal(problem, IndicatorSet.TryMake(["sma", text], out _));

    [Fact]
    public void All_of_the_catalogue_together_tell_what_each_tells_alone()
    {
        IndicatorSet set = IndicatorSet.Standard;
        double[] state = new double[set.StateLength];
        double[] values = new double[set.Labels.Length];
        IndicatorSeries[] alone = [.. IndicatorCatalogue.All.Select(kind =>
        {
            kind.TryMake([], out Indicator? made);
            return new IndicatorSeries(made!);
        })];
        var random = new Random(8);
        for (int bar = 0; bar < 100; bar++)
        {
            double close = 100 + random.NextDouble();
            var next = new Bar(close - 0.1, close + random.NextDouble(), close - random.NextDouble(), close, random.Next(9));
            set.Add(state, in next, isSessionBegin: false, values);
            Array.ForEach(alone, series => series.Close(in next));
            for (int i = 0; i < alone.Length; i++)
            {
                IndicatorKind kind = IndicatorCatalogue.All[i];
                for (int output = 0; output < kind.Outputs.Length; output++)
                {
                    int place = set.Labels.IndexOf(kind.Outputs.Length == 1 ? kind.Name : $"{kind.Name}.{kind.Outputs[output]}");
                    if (place >= 0)
                        Assert.Equal(alone[i].Values[output], values[place]);
                }
            }
        }
    }

    [Fact]
    public void What_counts_from_the_beginning_begins_anew_with_each_session()
    {
        Assert.Null(IndicatorSet.TryMake(["obv", "sma(2)"], out IndicatorSet? set));
        double[] state = new double[set!.StateLength];
        double[] values = new double[2];
        foreach ((double close, bool isBegin) in ((double, bool)[])[(10, false), (11, false), (12, true)])
            set.Add(state, new Bar(close, close, close, close, 5), isBegin, values);

        Assert.Equal([0, 11.5], values);
    }
}

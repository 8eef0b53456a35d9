namespace Exchange.Core.MarketData.Indicators;

/// <summary>A number that an indicator is set by.</summary>
/// <param name="Standard">What it is where nothing is said.</param>
/// <param name="IsWhole">A count of bars; else any number in its range.</param>
public sealed record IndicatorParameter(string Name, double Standard, double Least, double Most, bool IsWhole)
{
    internal static IndicatorParameter Period(string name, int standard, int least = 1) => new(name, standard, least, Indicator.MostPeriod, true);

    internal static IndicatorParameter Number(string name, double standard, double least, double most) => new(name, standard, least, most, false);
}

namespace Exchange.Core.MarketData.Indicators;

/// <summary>Donchian's channel: the highest and the lowest price of the bars before this one, their middle, and their distance as a share of it.</summary>
/// <remarks>State: the highest, the lowest (its sign turned).</remarks>
public sealed class DonchianChannel : Indicator
{
    private readonly int _length;

    public DonchianChannel(int period)
        : base(2 * MovingExtreme.Length(period), "upperBand", "centerline", "lowerBand", "width")
    {
        CheckPeriod(period);
        _length = MovingExtreme.Length(period);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double highest = MovingExtreme.Current(state[.._length]);
        double lowest = -MovingExtreme.Current(state[_length..]);
        MovingExtreme.Add(state[.._length], bar.High);
        MovingExtreme.Add(state[_length..], -bar.Low);
        double middle = (highest + lowest) / 2;
        values[0] = highest;
        values[1] = middle;
        values[2] = lowest;
        values[3] = Share(highest - lowest, middle);
    }
}

/// <summary>Keltner's channel: an exponential average of the closes, so many average true ranges up and down, and their distance as a share of it.</summary>
/// <remarks>State: bars that there were, the average's, the range's.</remarks>
public sealed class KeltnerChannel : Indicator
{
    private const int Average = 1;
    private const int Range = Average + Smoothed.Length;

    private readonly int _average;
    private readonly double _ranges;
    private readonly int _range;

    public KeltnerChannel(int averagePeriod, double ranges, int rangePeriod)
        : base(Range + AverageTrueRange.Length, "upperBand", "centerline", "lowerBand", "width")
    {
        CheckPeriod(averagePeriod);
        CheckPeriod(rangePeriod);
        Invariant.Holds(ranges > 0);
        (_average, _ranges, _range) = (averagePeriod, ranges, rangePeriod);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double middle = Smoothed.Exponential(state[Average..Range], _average, bar.Close);
        double reach = _ranges * AverageTrueRange.Add(state[Range..], _range, in bar, out _);
        if (state[0] < _range)
            state[0]++;
        values[0] = middle + reach;
        values[1] = state[0] < _range ? double.NaN : middle;
        values[2] = middle - reach;
        values[3] = Share(2 * reach, middle);
    }
}

namespace Exchange.Core.MarketData.Indicators;

/// <summary>
/// Wilder's directional movement: rises of the high and falls of the low against the true range (pdi, mdi, 0 to 100), their difference against
/// their sum (dx), its average (adx), and the mean of that and the one a period ago (adxr).
/// </summary>
/// <remarks>
/// State: bars after the first, the last bar's high, low and close, the smoothed sums of range, rises and falls, the sum of dx and then adx,
/// and a window of adx. While prices have not moved at all nothing is defined, and such a bar counts as one without direction.
/// </remarks>
public sealed class DirectionalMovement : Indicator
{
    private const int Range = 4;
    private const int Rises = 5;
    private const int Falls = 6;
    private const int Average = 7;
    private const int Averages = 8;
    private const int WindowHead = 2;

    private readonly int _period;

    public DirectionalMovement(int period)
        : base(Averages + WindowHead + period, "pdi", "mdi", "dx", "adx", "adxr")
    {
        CheckPeriod(period);
        Invariant.Holds(period >= 2);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        (double high, double low, double close) = (state[1], state[2], state[3]);
        double number = state[0]++;
        (state[1], state[2], state[3]) = (bar.High, bar.Low, bar.Close);
        values.Fill(double.NaN);
        if (number == 0)
            return;
        double rise = bar.High - high;
        double fall = low - bar.Low;
        Sum(state, number, Range, Math.Max(bar.High - bar.Low, Math.Max(Math.Abs(bar.High - close), Math.Abs(bar.Low - close))));
        Sum(state, number, Rises, rise > fall ? Math.Max(rise, 0) : 0);
        Sum(state, number, Falls, fall > rise ? Math.Max(fall, 0) : 0);
        if (number < _period)
            return;

        bool hasMoved = state[Range] != 0;
        double up = 100 * state[Rises] / state[Range];
        double down = 100 * state[Falls] / state[Range];
        double direction = !hasMoved || up == down ? 0 : 100 * Math.Abs(up - down) / (up + down);
        double adx = Smooth(state, number, direction, hasMoved);
        if (!hasMoved)
            adx = double.NaN;
        else
            (values[0], values[1], values[2], values[3]) = (up, down, direction, adx);
        if (number < 2 * _period - 1)
            return;
        double before = Window.Put(state.Slice(Averages, WindowHead), state[(Averages + WindowHead)..], adx, out bool wasFull);
        if (wasFull)
            values[4] = (adx + before) / 2;
    }

    /// <summary>Wilder's sums: the first ones are added, from then on a share goes for each that comes.</summary>
    private void Sum(Span<double> state, double number, int place, double value) =>
        state[place] += number <= _period ? value : value - state[place] / _period;

    private double Smooth(Span<double> state, double number, double direction, bool hasMoved)
    {
        ref double average = ref state[Average];
        if (number < 2 * _period)
        {
            average += direction;
            if (number < 2 * _period - 1)
                return double.NaN;
            return average /= _period;
        }

        if (hasMoved)
            average = (average * (_period - 1) + direction) / _period;
        return average;
    }
}

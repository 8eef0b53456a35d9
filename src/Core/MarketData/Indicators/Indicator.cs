using System.Collections.Immutable;

namespace Exchange.Core.MarketData.Indicators;

/// <summary>What an indicator is: how its state goes on from bar to bar, and what it says after each.</summary>
/// <remarks>
/// Floating point, and so nowhere near money; the same bars give the same bits all the same. All that is known of the bars so far lies in one
/// run of numbers, which can be copied, written and gone on from: a bar that is not over yet is added to a copy. A bar costs O(1), amortised,
/// but where the definition has it otherwise (<see cref="CommodityChannel"/>).
/// Sums over a window are made anew each time the window has been gone through, so rounding does not add up over the years.
/// </remarks>
public abstract class Indicator
{
    private protected Indicator(int stateLength, params string[] outputs)
    {
        StateLength = stateLength;
        Outputs = [.. outputs];
    }

    /// <summary>Names of what it says after a bar.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>Numbers of its state; all are zero before the first bar.</summary>
    public int StateLength { get; }

    /// <summary>Takes the next bar.</summary>
    /// <param name="state">Of <see cref="StateLength"/>, as the bars before left it.</param>
    /// <param name="values">One for each of <see cref="Outputs"/>; NaN: not defined yet, or never for such bars.</param>
    public abstract void Add(Span<double> state, in Bar bar, Span<double> values);

    /// <summary>Of nothing there is no share.</summary>
    private protected static double Share(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private protected static void CheckPeriod(int period) => Invariant.Holds(period is >= 1 and <= MostPeriod);

    /// <summary>The longest window, bars.</summary>
    public const int MostPeriod = 10_000;
}

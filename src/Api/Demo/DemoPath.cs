namespace Exchange.Api.Demo;

/// <summary>Where the index goes: a walk whose turbulence comes in clusters, with a leap now and then, drawn back to where it began.</summary>
/// <remarks>
/// A step's return, in 1e-8: normal, 0.6 of a basis point (6,000), times a factor of minutes and one of half an hour, which are noise themselves and
/// together lie between 0.25 and 7. Four fifths of it are common to all symbols. About every five minutes at four steps a second a symbol leaps by 10
/// to 35 basis points. The pull back leaves it within some percent of the anchor for months. A function of seed, step and price: there is
/// nothing to keep but the price, which the venue has.
/// </remarks>
internal sealed class DemoPath(int seed, int symbol, long anchorE8)
{
    private const long OneE8 = 100_000_000;
    private const long DeviationE8 = 6_000;
    private const long MostE8 = 1_000_000;
    private const int TurbulenceSteps = 240;
    private const int EraSteps = 6_000;
    private const int BasisSteps = 2_400;
    private const int StepsPerLeap = 1_200;
    private const int PullSteps = 200_000;

    /// <summary>The index of a step, in 1e-8 USDT.</summary>
    /// <param name="priceE8">Of the step before.</param>
    public long Next(long priceE8, long step)
    {
        var market = new DemoDice(seed, DemoPurpose.Market, 0, step);
        var own = new DemoDice(seed, DemoPurpose.Symbol, symbol, step);
        long normal = ((market.Normal() * 8L) + (own.Normal() * 6L)) / 10;
        long moveE8 = normal * DeviationE8 / 1_000 * Factor(step) / 1_000;
        if (own.Below(StepsPerLeap) == 0)
            moveE8 += (own.Percent(50) ? 1 : -1) * own.Between(100_000, 350_000);
        moveE8 += (anchorE8 - priceE8) * OneE8 / anchorE8 / PullSteps;
        moveE8 = Math.Clamp(moveE8, -MostE8, MostE8);
        return Math.Max(1, priceE8 + (long)((Int128)priceE8 * moveE8 / OneE8));
    }

    /// <summary>How turbulent a step is, in thousandths.</summary>
    public int Factor(long step) =>
        Noise(DemoPurpose.Turbulence, step, TurbulenceSteps) * Noise(DemoPurpose.Era, step, EraSteps) / 1_000;

    /// <summary>How far the market stands from the index, in 1e-8 of it: from -1 to 26 basis points, for below 6 the funding rate does not move.</summary>
    public long BasisE8(long step) => (Noise(DemoPurpose.Basis, step, BasisSteps) - 600) * 120L;

    /// <summary>From 500 to 2,750 thousandths, more often low; straight lines between what is thrown for the blocks' borders.</summary>
    private int Noise(DemoPurpose purpose, long step, int steps)
    {
        (long block, long at) = Math.DivRem(step, steps);
        return (int)(((Border(purpose, block) * (steps - at)) + (Border(purpose, block + 1) * at)) / steps);
    }

    private long Border(DemoPurpose purpose, long block)
    {
        int thrown = new DemoDice(seed, purpose, symbol, block).Below(1_500);
        return 500 + (thrown * thrown / 1_000);
    }
}

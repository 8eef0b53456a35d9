namespace Exchange.Core.Tests.Engines;

/// <summary>Semantics 10.7 as a search: nobody gets rich by trading with friends while marks move in small steps.</summary>
public sealed class CoalitionTests
{
    private const int MovesPerRun = 120;
    private const long FundsReachE8 = 2_000_000;
    private const long RebateE8 = 20_000;

    /// <summary>
    /// Three rules give money away, and the search finds all three and no more: the fund backs a liquidation's fills from the bankruptcy
    /// price to the market bound (7.3 step 5b), and friends may be who bids there; a rebate is paid at once, and the taker who owes
    /// the fee for it may have left; an isolated sell that fills above its reserve price may leave its wallet in debt (5.5). The
    /// first case has nothing but the last of them, and in most of its runs nothing at all.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(FundsReachE8, 0)]
    [InlineData(0, RebateE8)]
    [InlineData(FundsReachE8, RebateE8)]
    public void No_coalition_leaves_with_more_than_it_brought_and_was_given(long marketBoundE8, long rebateE8)
    {
        ulong runs = (ulong)TestScale.Of(500, 20_000);
        ulong strict = 0;
        for (ulong seed = 1; seed <= runs; seed++)
        {
            Coalition coalition = Run(seed, new CoalitionRules(marketBoundE8, rebateE8));
            strict += coalition.GivenE8 == 0 ? 1UL : 0;
            Assert.True(coalition.ProfitE8() <= coalition.GivenE8, $"seed {seed}: {coalition.ProfitE8()} of {coalition.GivenE8} given");
        }

        Assert.True(rebateE8 != 0 || strict > runs / 2, $"nothing given in {strict} of {runs}");
    }

    /// <summary>The search is worth something only if it finds what the rule 5.7 is there against.</summary>
    [Fact]
    public void Without_the_rule_that_open_orders_are_payable_the_search_finds_a_profit()
    {
        int found = 0;
        for (ulong seed = 1; seed <= 500; seed++)
            found += Run(seed, new CoalitionRules(IgnoresOpenLosses: true)).ProfitE8() > 0 ? 1 : 0;
        Assert.True(found >= 5, $"found in {found} of 500 runs");
    }

    private static Coalition Run(ulong seed, in CoalitionRules rules)
    {
        var coalition = new Coalition(seed, in rules);
        var moves = new CoalitionMoves(coalition);
        for (int i = 0; i < MovesPerRun; i++)
            moves.Next();
        coalition.Leave();
        coalition.Engine.CheckInvariants();
        return coalition;
    }
}

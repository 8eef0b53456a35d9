namespace Exchange.Core.Tests.Engines;

/// <summary>Semantics 10.7 as a search: nobody gets rich by trading with friends while marks move in small steps (S18).</summary>
public sealed class CoalitionTests
{
    private const int MovesPerRun = 120;
    private const long FundsReachE8 = 2_000_000;
    private const long RebateE8 = 20_000;

    /// <summary>
    /// All accounts are the coalition's, so whatever it has in the end beyond what it brought came out of the fund, is a rebate that no fee
    /// paid for, or was left behind as a debt. What keeps each from happening: docs/rules/invariants.md 10.7.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(FundsReachE8, 0)]
    [InlineData(0, RebateE8)]
    [InlineData(FundsReachE8, RebateE8)]
    public void No_coalition_leaves_with_more_than_it_brought(long marketBoundE8, long rebateE8)
    {
        ulong runs = (ulong)TestScale.Of(500, 20_000);
        var found = new List<string>();
        for (ulong seed = 1; seed <= runs; seed++)
        {
            Int128 profit = Run(seed, new CoalitionRules(marketBoundE8, rebateE8)).ProfitE8();
            if (profit > 0)
                found.Add($"{profit} with seed {seed}");
        }

        Assert.True(found.Count == 0, $"{found.Count} of {runs}: {string.Join(", ", found.Take(10))}");
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

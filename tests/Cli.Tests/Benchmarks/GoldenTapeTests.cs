using Exchange.Cli.Benchmarks;
using Exchange.Core.Orders;

namespace Exchange.Cli.Tests.Benchmarks;

/// <summary>The order book makes the trades that a slow, obvious book and three public engines made (bench/reference/README.md).</summary>
public sealed class GoldenTapeTests
{
    [SkippableTheory]
    [InlineData("basic", 100_000, "trades 10297 of 122109 tape e6070e2143c1b35b bid 1000091 ask 1000092 resting 4977 of 102351")]
    [InlineData("basic", 3_000_000, "trades 322187 of 3767891 tape 28c4cdfc8a885697 bid 999340 ask 999341 resting 4965 of 106553")]
    [InlineData("plain", 100_000, "trades 10515 of 121951 tape c973d50f2008be60 bid 999997 ask 999998 resting 4986 of 97078")]
    [InlineData("plain", 3_000_000, "trades 326326 of 3745563 tape e81ea8454eb59640 bid 999577 ask 999578 resting 4986 of 100516")]
    [InlineData("exchange-core", 100_000, "trades 6922 of 36966 tape bf27452a610d7a53 bid 999911 ask 999912 resting 1002 of 22635")]
    [InlineData("exchange-core", 3_000_000, "trades 205063 of 1115987 tape 20f60e87ca63291a bid 999660 ask 999661 resting 999 of 21675")]
    [InlineData("full", 100_000, "trades 10508 of 120702 tape bc9cea00c2ba784b bid 1000010 ask 1000011 resting 5021 of 98459")]
    [InlineData("full", 3_000_000, "trades 321732 of 3671249 tape ace5d6361c6f66b2 bid 999756 ask 999757 resting 4996 of 99776")]
    public void A_workload_gives_its_golden_tape(string mix, int operations, string expected)
    {
        Skip.If(operations > 100_000 && !TestScale.IsLong, "only in long runs");
        Workload workload = Workload.Of(mix, 1, operations);
        WorkloadResult generators = workload.Expected;
        var driver = new BookDriver();

        driver.ApplyAll(WorkloadFile.Load(workload.Path).Records);

        driver.Book.CheckInvariants();
        Assert.Equal(expected, Describe(driver));
        Assert.Equal(generators.TapeHash, driver.TapeHash);
    }

    private static string Describe(BookDriver driver)
    {
        long restingLots = LotsOf(driver, Side.Buy) + LotsOf(driver, Side.Sell);
        return $"trades {driver.TradeCount} of {driver.TradedLots} tape {driver.TapeHash:x16} bid {driver.Book.BestBidTicks} "
            + $"ask {driver.Book.BestAskTicks} resting {driver.Book.OpenOrderCount} of {restingLots}";
    }

    private static long LotsOf(BookDriver driver, Side side)
    {
        var levels = new (long PriceTicks, long Lots)[driver.Book.OpenOrderCount];
        return levels.Take(driver.Book.CopyLevels(side, levels)).Sum(level => level.Lots);
    }
}

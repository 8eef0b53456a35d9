using Exchange.Core.Accounts;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.Accounts;

/// <summary>What accounts keep incrementally against what section 5 says, over random histories.</summary>
public sealed class MarginProperties
{
    private const int Steps = 120;
    private static readonly int Seeds = TestScale.Of(150, 3_000);
    private static readonly int SeedsOfSums = (TestScale.Of(200_000, 10_000_000) + Steps - 1) / Steps;

    [Fact]
    public void Sums_kept_order_by_order_are_those_computed_from_scratch() => ForEachStep(SeedsOfSums, (world, plain, _) =>
    {
        world.Account.CheckInvariants(world.Market);
        for (int symbol = 0; symbol < world.Symbols; symbol++)
            Assert.Equal(plain.ReservedE8(symbol), world.Account.ReservedE8(symbol, world.Market));
        Assert.Equal(plain.AvailableE8(), world.Account.AvailableE8(world.Market));
        Assert.Equal(plain.WithdrawableE8(), world.Account.WithdrawableE8(world.Market));
        Assert.Equal(plain.CrossEquityE8(), (System.Numerics.BigInteger)world.Account.CrossEquityE8(world.Market));
        Assert.Equal(plain.CrossMaintenanceE8(), (System.Numerics.BigInteger)world.Account.CrossMaintenanceE8(world.Market));
        Assert.Equal(plain.IsUnder(), world.Account.IsUnderAtMarks(world.Market));
    });

    [Fact]
    public void The_quick_look_at_open_losses_answers_as_the_full_one() => ForEachStep(Seeds, (world, plain, _) =>
        Assert.Equal(plain.IsPayable(), world.Account.IsPayable(world.Market)));

    [Fact]
    public void Inside_its_ranges_an_account_is_safe_and_payable()
    {
        long inside = 0;
        ForEachStep(Seeds, (world, plain, random) =>
        {
            WatchOutcome outcome = world.Account.Watch(world.Market);
            if ((outcome & (WatchOutcome.Under | WatchOutcome.Unpayable)) != 0)
            {
                Assert.True(plain.IsUnder() || !plain.IsPayable());
                return;
            }

            while (world.Account.TryTakeRange(out int symbol, out PriceRange range))
                _ranges[symbol] = range;
            long[] marks = [.. Enumerable.Range(0, world.Symbols).Select(s => world.Market[s].MarkTicks)];
            for (int trial = 0; trial < 4; trial++)
            {
                for (int symbol = 0; symbol < world.Symbols; symbol++)
                    world.Test.Mark(Inside(_ranges[symbol], marks[symbol], trial, random), symbol);
                Assert.False(plain.IsUnder());
                Assert.True(plain.IsPayable());
                inside++;
            }

            for (int symbol = 0; symbol < world.Symbols; symbol++)
                world.Test.Mark(marks[symbol], symbol);
        });
        Assert.True(inside > 1_000);
    }

    private readonly PriceRange[] _ranges = new PriceRange[8];

    [Fact]
    public void The_liquidation_price_is_the_first_tick_at_which_the_pool_is_under()
    {
        int found = 0;
        ForEachStep(Seeds, (world, plain, random) =>
        {
            if (random.Next(20) != 0)
                return;
            int symbol = random.Next(world.Symbols);
            int leg = random.Next(2);
            PositionLeg position = world.Account.PositionOf(symbol, leg);
            bool isCross = world.Account.MarginModeOf(symbol) == MarginMode.Cross;
            if (position.Lots == 0 || (isCross && world.Account.PositionOf(symbol, 1 - leg).Lots != 0))
                return;
            found++;
            Assert.Equal(
                BruteForce(world, symbol, leg, isCross, position.Lots > 0), Shown(world.Account.LiquidationTicks(symbol, leg, world.Market)));
        });
        Assert.True(found > 50);
    }

    private const long Highest = 4_000;

    private static long? Shown(long? ticks) => ticks > Highest ? null : ticks;

    private static long? BruteForce(RandomAccount world, int symbol, int leg, bool isCross, bool isLong)
    {
        long mark = world.Market[symbol].MarkTicks;
        long? found = null;
        for (long ticks = 1; ticks <= Highest; ticks++)
        {
            world.Test.Mark(ticks, symbol);
            Int128 equity = isCross ? world.Account.CrossEquityE8(world.Market) : world.Account.PoolEquityE8(symbol, leg, world.Market);
            Int128 maintenance = isCross
                ? world.Account.CrossMaintenanceE8(world.Market)
                : world.Account.MaintenanceE8(symbol, leg, world.Market);
            if (equity > maintenance)
                continue;
            found = ticks;
            if (!isLong)
                break;
        }

        world.Test.Mark(mark, symbol);
        return isLong && found == Highest ? null : found;
    }

    private static long Inside(in PriceRange range, long mark, int trial, Random random)
    {
        long low = Math.Max(1, range.LowTicks);
        long high = Math.Min(20_000, range.HighTicks);
        if (range.HighTicks == 0)
            return mark;
        return trial switch
        {
            0 => low,
            1 => high,
            2 => random.Next(2) == 0 ? low : high,
            _ => random.NextInt64(low, high + 1),
        };
    }

    private void ForEachStep(int seeds, Action<RandomAccount, PlainMargin, Random> check)
    {
        for (int seed = 0; seed < seeds; seed++)
        {
            RandomAccount world = new(seed);
            PlainMargin plain = new(world);
            Random random = new(seed);
            Array.Clear(_ranges);
            for (int step = 0; step < Steps; step++)
            {
                world.Step();
                try
                {
                    check(world, plain, random);
                }
                catch (Exception fault)
                {
                    throw new InvalidOperationException($"seed {seed} step {step}: {fault.Message}", fault);
                }
            }
        }
    }
}

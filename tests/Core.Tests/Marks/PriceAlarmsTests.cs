using Exchange.Core.Marks;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.Marks;

public sealed class PriceAlarmsTests
{
    [Fact]
    public void Only_accounts_whose_range_is_left_are_woken_by_id()
    {
        var alarms = new PriceAlarms();
        alarms.Register(new PriceRange(9, 1, 1, 90, 110));
        alarms.Register(new PriceRange(3, 1, 1, 95, long.MaxValue));
        alarms.Register(new PriceRange(5, 1, 1, 0, 101));

        Assert.Equal(0, alarms.Move(100));
        Assert.Equal(0, alarms.Move(95));
        Assert.Equal(1, alarms.Move(94));
        Assert.Equal([3u], alarms.Woken.ToArray());
        Assert.Equal(2, alarms.Move(111));
        Assert.Equal([3u, 5u, 9u], alarms.Woken.ToArray());
    }

    [Fact]
    public void A_wake_stands_until_a_newer_registration_even_if_the_mark_returns()
    {
        var alarms = new PriceAlarms();
        alarms.Register(new PriceRange(1, 1, 1, 90, 110));
        alarms.Move(80);
        alarms.Move(100);
        Assert.True(alarms.IsWoken(1));

        Assert.False(alarms.Register(new PriceRange(1, 1, 1, 70, 110)));
        Assert.True(alarms.IsWoken(1));
        Assert.True(alarms.Register(new PriceRange(1, 1, 2, 70, 110)));
        Assert.False(alarms.IsWoken(1));
    }

    [Fact]
    public void A_range_that_the_present_mark_is_outside_fires_at_once()
    {
        var alarms = new PriceAlarms();
        alarms.Register(new PriceRange(1, 1, 1, 90, 110));
        alarms.Move(100);

        Assert.True(alarms.Register(new PriceRange(1, 1, 2, 101, 110)));
        Assert.True(alarms.IsWoken(1));
    }

    [Fact]
    public void Only_a_higher_epoch_or_number_counts()
    {
        var alarms = new PriceAlarms();
        Assert.True(alarms.Register(new PriceRange(1, 2, 5, 90, 110)));
        Assert.False(alarms.Register(new PriceRange(1, 2, 4, 1, 2)));
        Assert.False(alarms.Register(new PriceRange(1, 1, 9, 1, 2)));
        Assert.True(alarms.Register(new PriceRange(1, 3, 1, 80, 120)));
        Assert.True(alarms.TryGet(1, out PriceRange range));
        Assert.Equal(80, range.LowTicks);
    }

    [Fact]
    public void An_account_that_unregistered_is_not_woken_nor_brought_back_by_a_late_message()
    {
        var alarms = new PriceAlarms();
        alarms.Register(new PriceRange(1, 1, 1, 90, 110));
        alarms.Register(PriceRange.None(1, 1, 2));
        alarms.Register(new PriceRange(1, 1, 1, 90, 110));

        Assert.Equal(0, alarms.Move(1));
        Assert.True(alarms.Woken.IsEmpty);
    }

    [Fact]
    public void What_is_unwritten_is_given_out_once_with_its_latest_number()
    {
        var alarms = new PriceAlarms();
        alarms.Register(new PriceRange(1, 1, 1, 90, 110));
        alarms.Register(new PriceRange(1, 1, 2, 91, 110));
        alarms.Register(new PriceRange(2, 1, 1, 90, 110));
        var taken = new PriceRange[8];

        Assert.Equal(2, alarms.UnwrittenCount);
        Assert.Equal(2, alarms.TakeUnwritten(taken));
        Assert.Contains(taken, range => range is { Account: 1, Number: 2 });
        Assert.Equal(0, alarms.TakeUnwritten(taken));

        alarms.Register(new PriceRange(2, 1, 2, 90, 111));
        Assert.Equal(1, alarms.TakeUnwritten(taken));
        Assert.Equal(2ul, taken[0].Number);
    }

    [Fact]
    public void Alarms_agree_with_looking_at_every_account()
    {
        const int steps = 600;
        for (int seed = 0; seed <= TestScale.Of(200_000, 10_000_000) / steps; seed++)
            RunAgainstNaive(new Random(seed), steps);
    }

    [Fact]
    public void A_million_ranges_cost_only_those_that_are_left_and_no_memory()
    {
        const int accounts = 1_000_000;
        var alarms = new PriceAlarms(accounts);
        for (uint account = 1; account <= accounts; account++)
            alarms.Register(new PriceRange(account * 7, 1, 1, account, 2_000_000L + account));

        int pass = 0;
        Allocations.AssertNone(() =>
        {
            long mark = accounts - 10 * pass++;
            bool isRight = alarms.Move(mark) == 0 && alarms.Move(mark - 5) == 5 && alarms.Woken.Length == 5;
            for (long account = mark - 4; account <= mark; account++)
                isRight &= alarms.Register(new PriceRange((uint)account * 7, 1, 2, 0, 2_000_000));
            isRight &= alarms.Woken.IsEmpty && alarms.Move(mark - 7) == 2 && alarms.Woken[0] == (mark - 6) * 7;
            for (long account = mark - 9; account < mark - 4; account++)
                isRight &= alarms.Register(new PriceRange((uint)account * 7, 1, 2, 0, 2_000_000));
            Assert.True(isRight);
        });
        alarms.CheckInvariants();
    }

    private static void RunAgainstNaive(Random random, int steps)
    {
        var alarms = new PriceAlarms(1);
        var naive = new NaivePriceAlarms();
        int accounts = random.Next(1, 40);
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(3) == 0)
            {
                long mark = random.Next(1, 200);
                int woken = random.Next(2) == 0 ? alarms.Move(mark) : WakeOneByOne(ref alarms, mark);
                Assert.Equal(naive.Move(mark), woken);
            }
            else
            {
                PriceRange range = DrawRange(random, accounts);
                Assert.Equal(naive.Register(range), alarms.Register(range));
            }

            Assert.Equal(naive.Woken(), alarms.Woken.ToArray());
            if (step % 50 == 0)
            {
                alarms.CheckInvariants();
                alarms = Restored(alarms);
            }
        }
    }

    /// <summary>As a host that wakes in slices; from a snapshot in between it goes on.</summary>
    private static int WakeOneByOne(ref PriceAlarms alarms, long mark)
    {
        alarms.Turn(mark);
        int woken = 0;
        for (; alarms.TryWake(); woken++)
            alarms = woken == 2 ? Restored(alarms) : alarms;
        Assert.Equal(alarms.Woken.ToArray(), alarms.WokenInAnyOrder.ToArray().Order());
        return woken;
    }

    private static PriceRange DrawRange(Random random, int accounts)
    {
        uint account = (uint)random.Next(accounts) * 2_654_435_761u;
        uint epoch = (uint)random.Next(1, 4);
        ulong number = (ulong)random.Next(1, 200);
        long low = random.Next(4) == 0 ? 0 : random.Next(1, 150);
        long high = random.Next(4) == 0 ? long.MaxValue : random.Next(50, 220);
        return random.Next(8) == 0 ? PriceRange.None(account, epoch, number) : new PriceRange(account, epoch, number, low, high);
    }

    private static PriceAlarms Restored(PriceAlarms alarms)
    {
        var writer = new SnapshotWriter();
        alarms.Write(writer);
        var restored = new PriceAlarms();
        restored.Read(new SnapshotReader(writer.Written));
        Assert.Equal(Hash(alarms), Hash(restored));
        return restored;
    }

    private static ulong Hash(PriceAlarms alarms)
    {
        StateHasher hasher = StateHasher.Create();
        alarms.AddTo(ref hasher);
        return hasher.Value;
    }

    /// <summary>Looks at every account at every mark.</summary>
    private sealed class NaivePriceAlarms
    {
        private readonly SortedDictionary<uint, PriceRange> _ranges = [];
        private readonly SortedSet<uint> _woken = [];
        private long _mark;

        public uint[] Woken() => [.. _woken];

        public bool Register(PriceRange range)
        {
            if (_ranges.TryGetValue(range.Account, out PriceRange old)
                && (range.Epoch, range.Number).CompareTo((old.Epoch, old.Number)) <= 0)
                return false;
            _ranges[range.Account] = range;
            _woken.Remove(range.Account);
            WakeAllOutside();
            return true;
        }

        public int Move(long mark)
        {
            _mark = mark;
            return WakeAllOutside();
        }

        private int WakeAllOutside()
        {
            int woken = 0;
            foreach (PriceRange range in _ranges.Values)
            {
                if (_mark != 0 && (_mark < range.LowTicks || _mark > range.HighTicks) && _woken.Add(range.Account))
                    woken++;
            }

            return woken;
        }
    }
}

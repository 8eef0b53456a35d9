using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Embedded;

namespace Exchange.Cli.Benchmarks.Marks;

/// <summary>An engine full of positions, in memory: what a mark costs that concerns nobody, and one that liquidates thousands.</summary>
internal sealed class MarksBenchmark
{
    private const long Mark = EngineWorkload.MarkTicks;

    /// <summary>5.5 % down: below what the weak accounts must keep, above what would bankrupt them.</summary>
    private const long CrashTicks = Mark - Mark * 55 / 1_000;

    /// <summary>Where the other commands' orders rest: too low for any close.</summary>
    private const long RestingTicks = CrashTicks * 9 / 10;
    private const long PlentyE8 = 100_00000000;

    /// <summary>Six parts in a hundred of a lot's notional.</summary>
    private const long WeakE8 = 60000000;
    private const long RichE8 = 1_000_000_00000000;
    private const uint Bidder = 1;
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();
    private readonly Random _random = new(1);
    private PassTurns _turns;
    private int _sellers;
    private uint _restingAccount;
    private ulong _restingOrder;

    public int Liquidations { get; private set; }

    /// <summary>Lists the symbol and gives every account a position of one lot, long and short by turns; some of the long ones are weak.</summary>
    public void SetUp(int positions, int weak, Action<double> progress)
    {
        _engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 0, _output, EngineWorkload.Instrument(0));
        Apply(new Command { Kind = CommandKind.SetMark, PriceTicks = Mark });
        Open(Bidder, RichE8);
        _sellers = positions / 2;
        for (int i = 0; i < positions; i += 2)
        {
            uint seller = Bidder + 1 + (uint)i;
            Open(seller, PlentyE8);
            Open(seller + 1, i / 2 < weak ? WeakE8 : PlentyE8);
            Place(seller, Side.Sell, 1, Mark);
            Place(seller + 1, Side.Buy, 1, Mark);
            if ((i & 0xffff) == 0)
                progress((double)i / positions);
        }
    }

    /// <summary>The mark at which all accounts are looked at, since all have traded.</summary>
    public PassFigures First() => Work(Mark - 1, perSecond: 0);

    /// <summary>Small steps around the mark, at which nobody is due.</summary>
    public LatencyHistogram Move(int updates)
    {
        var latencies = new LatencyHistogram();
        for (int i = 0; i < updates; i++)
        {
            latencies.Add(Time(new Command { Kind = CommandKind.SetMark, PriceTicks = Mark + _random.Next(-1_000, 1_001) }));
            Invariant.Holds(!_engine.HasOpenPass);
        }

        return latencies;
    }

    /// <summary>One step that liquidates the weak accounts, into bids for all of them or into none, while others' commands come.</summary>
    public PassFigures Crash(int bidLots, int perSecond)
    {
        if (bidLots != 0)
            Place(Bidder, Side.Buy, bidLots, CrashTicks);
        PassFigures figures = Work(CrashTicks, perSecond);
        _engine.CheckMoney();
        return figures;
    }

    /// <summary>As the host does: slices and commands by turns; commands are due at a fixed rate, the first when the mark comes.</summary>
    private PassFigures Work(long markTicks, int perSecond)
    {
        var waits = new LatencyHistogram();
        double ticksPerCommand = perSecond == 0 ? double.PositiveInfinity : (double)Stopwatch.Frequency / perSecond;
        long started = Stopwatch.GetTimestamp();
        long longest = TimeSlice(new Command { Kind = CommandKind.SetMark, PriceTicks = markTicks });
        int inputs = 1;
        long commands = 0;
        while (_engine.HasOpenPass)
        {
            bool isDue = Stopwatch.GetTimestamp() - started >= commands * ticksPerCommand;
            if (!isDue || _turns.IsPassNext(_engine, TimeProvider.System))
            {
                longest = Math.Max(longest, TimeSlice(new Command { Kind = CommandKind.Time }));
                inputs++;
                continue;
            }

            PlaceOrCancel(commands);
            waits.Add(Stopwatch.GetTimestamp() - started - (long)(commands * ticksPerCommand));
            commands++;
        }

        return new PassFigures(
            Stopwatch.GetElapsedTime(started).TotalMilliseconds, inputs, longest * 1e3 / Stopwatch.Frequency, commands, waits.MaxUs / 1e3);
    }

    /// <summary>One of those who hold much rests an order, and cancels it.</summary>
    private void PlaceOrCancel(long number)
    {
        if ((number & 1) != 0)
        {
            _engine.Apply(new Command { Kind = CommandKind.Cancel, Account = _restingAccount, OrderId = _restingOrder }, 0, _output);
            Invariant.Holds(_output.Reason is RejectReason.None or RejectReason.UnknownOrder); // Auto-deleveraging may have canceled it.
            return;
        }

        _restingAccount = Bidder + 1 + 2 * (uint)_random.Next(_sellers);
        Place(_restingAccount, Side.Buy, 1, RestingTicks);
        _restingOrder = _output.OrderId;
    }

    private long TimeSlice(in Command command)
    {
        long started = Stopwatch.GetTimestamp();
        long elapsed = Time(in command);
        _turns.NoteSlice(started, started + elapsed);
        return elapsed;
    }

    private long Time(in Command command)
    {
        long started = Stopwatch.GetTimestamp();
        _engine.Apply(in command, 0, _output);
        long elapsed = Stopwatch.GetTimestamp() - started;
        foreach (ref readonly EngineEvent e in _output.Events)
        {
            if (e.Kind == EngineEventKind.Book && e.Book.Kind == Core.Books.BookEventKind.Liquidation)
                Liquidations++;
        }

        return elapsed;
    }

    private void Open(uint account, long fundsE8)
    {
        Apply(new Command { Kind = CommandKind.CreateAccount, Account = account });
        Apply(new Command { Kind = CommandKind.Deposit, Account = account, Amount = fundsE8 });
    }

    private void Place(uint account, Side side, int lots, long ticks) => Apply(new Command
    {
        Kind = CommandKind.Place,
        Account = account,
        Terms = new OrderTerms { Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots },
    });

    private void Apply(in Command command)
    {
        _engine.Apply(in command, 0, _output);
        Invariant.Holds(_output.Reason == RejectReason.None);
    }
}

using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Cli.Benchmarks.Marks;

/// <summary>An engine full of positions, in memory: what a mark costs that concerns nobody, and one that liquidates thousands.</summary>
internal sealed class MarksBenchmark
{
    private const long Mark = EngineWorkload.MarkTicks;

    /// <summary>5.5 % down: below what the weak accounts must keep, above what would bankrupt them.</summary>
    private const long CrashTicks = Mark - Mark * 55 / 1_000;
    private const long PlentyE8 = 100_00000000;

    /// <summary>Six parts in a hundred of a lot's notional.</summary>
    private const long WeakE8 = 60000000;
    private const long RichE8 = 1_000_000_00000000;
    private const uint Bidder = 1;
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();
    private readonly Random _random = new(1);

    public int Liquidations { get; private set; }

    /// <summary>Lists the symbol and gives every account a position of one lot, long and short by turns; some of the long ones are weak.</summary>
    public void SetUp(int positions, int weak, Action<double> progress)
    {
        _engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 0, _output, EngineWorkload.Instrument(0));
        Apply(new Command { Kind = CommandKind.SetMark, PriceTicks = Mark });
        Open(Bidder, RichE8);
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

    /// <summary>Small steps around the mark, at which nobody is due.</summary>
    public LatencyHistogram Move(int updates)
    {
        var latencies = new LatencyHistogram();
        for (int i = 0; i < updates; i++)
            latencies.Add(Time(Mark + _random.Next(-1_000, 1_001)));
        return latencies;
    }

    /// <summary>One step that liquidates the weak accounts, into bids for all of them or into none. Elapsed, in ms.</summary>
    public double Crash(int bidLots)
    {
        if (bidLots != 0)
            Place(Bidder, Side.Buy, bidLots, CrashTicks);
        double ms = Time(CrashTicks) * 1e3 / Stopwatch.Frequency;
        foreach (ref readonly EngineEvent e in _output.Events)
        {
            if (e.Kind == EngineEventKind.Book && e.Book.Kind == Core.Books.BookEventKind.Liquidation)
                Liquidations++;
        }

        _engine.CheckMoney();
        return ms;
    }

    private long Time(long markTicks)
    {
        var command = new Command { Kind = CommandKind.SetMark, PriceTicks = markTicks };
        long started = Stopwatch.GetTimestamp();
        _engine.Apply(in command, 0, _output);
        return Stopwatch.GetTimestamp() - started;
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

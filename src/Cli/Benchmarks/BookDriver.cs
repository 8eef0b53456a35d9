using System.Runtime.CompilerServices;
using Exchange.Core;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Cli.Benchmarks;

/// <summary>Drives the product's order book with a workload: every record is one batch of its account.</summary>
/// <remarks>
/// The full machine works: batch numbers, net positions, outboxes, self-trade prevention. Outboxes are acknowledged every 1,024
/// operations. The tape hash is computed from the fill events that the book emits.
/// </remarks>
public sealed class BookDriver
{
    private const int AcknowledgeEvery = 1024;
    private const int AccountCount = 1001;

    /// <summary>References that lead from a record to all that it touches.</summary>
    public const int PrefetchSteps = 4;
    private readonly OrderBook _book;
    private readonly BookOutput _output = new();
    private readonly Sender[] _senders = new Sender[AccountCount];
    private readonly uint[] _unacknowledged = new uint[AccountCount + 1];
    private int _unacknowledgedCount;
    private int _operations;
    private BookInput _place;
    private BookInput _change;

    public BookDriver()
    {
        _book = new OrderBook(BenchmarkInstrument.Create());
        for (uint account = 0; account < AccountCount; account++)
            _book.Apply(new BookInput { Kind = BookInputKind.Register, Account = account, Epoch = 1 }, _output);
        _book.Apply(new BookInput { Kind = BookInputKind.Mark, PriceTicks = 1_000_000 }, _output);
        _place.Kind = BookInputKind.Place;
        _place.Epoch = 1;
        _place.Count = 1;
        _place.Terms.Fields = OrderFields.Price | OrderFields.Lots;
        _change.Epoch = 1;
        _change.Count = 1;
        _change.PostOnlyTradesOnAmend = true;
    }

    /// <summary>What an account has sent and seen.</summary>
    private struct Sender
    {
        /// <summary>Number of its last unacknowledged event; 0: none.</summary>
        public ulong Number;
        public uint Batch;
    }

    public OrderBook Book => _book;

    public long TradeCount { get; private set; }

    public long TradedLots { get; private set; }

    public ulong TapeHash { get; private set; } = 0xcbf29ce484222325UL;

    /// <summary>Acknowledgements are due: after every 1,024th operation.</summary>
    public bool MustAcknowledge => (_operations & (AcknowledgeEvery - 1)) == 0;

    /// <summary>Applies the records, and the acknowledgements as they come due.</summary>
    public void ApplyAll(ReadOnlySpan<WorkloadRecord> records)
    {
        foreach (ref readonly WorkloadRecord record in records)
        {
            Apply(in record);
            if (MustAcknowledge)
                Acknowledge();
        }
    }

    /// <summary>One of the <see cref="PrefetchSteps"/> by which a host asks for what a record it holds will touch.</summary>
    public void Prefetch(int step, in WorkloadRecord record)
    {
        ulong id = record.Operation == 0 ? 0 : record.Id;
        switch (step)
        {
            case 0:
                CacheLine.Fetch(in _senders[record.Account]);
                _book.PrefetchIndexes(record.Account, record.Id);
                break;
            case 1: _book.PrefetchEntries(record.Account, id, record.PriceTicks); break;
            case 2: _book.PrefetchNeighbours(record.Account, id, record.PriceTicks); break;
            default:
                if (id != 0)
                    _book.PrefetchLastOrder(record.Account);
                break;
        }
    }

    /// <summary>Applies one record.</summary>
    public void Apply(in WorkloadRecord record)
    {
        if (record.Operation == 0)
            Place(in record);
        else
            Change(in record);

        int events = _output.EventCount;
        for (int i = 0; i < events; i++)
            Note(in _book.Event(_output.EventAt(i)));
        _operations++;
    }

    /// <summary>Every account that has seen something acknowledges it, as the accounts of the same process do.</summary>
    public void Acknowledge()
    {
        for (int i = 0; i < _unacknowledgedCount; i++)
        {
            uint account = _unacknowledged[i];
            ref Sender sender = ref _senders[account];
            _book.AcknowledgeThrough(account, sender.Number);
            sender.Number = 0;
        }

        _unacknowledgedCount = 0;
    }

    /// <summary>The margin of a limit order is reserved at its price, and checked with it: as an account would.</summary>
    private void Place(in WorkloadRecord record)
    {
        ref BookInput input = ref _place;
        long price = record.PriceTicks;
        TimeInForce timeInForce = TimeInForce.Gtc;
        if (record.Type != 0)
            (price, timeInForce) = Translate(in record);
        input.Account = record.Account;
        input.Batch = ++_senders[record.Account].Batch;
        input.OrderId = record.Id;
        input.Terms.Side = (Side)record.Side;
        input.Terms.Lots = record.Lots;
        input.Terms.PriceTicks = price;
        input.Terms.TimeInForce = timeInForce;
        input.ReserveTicks = price;
        input.WorstTicks = price;
        _book.Apply(in input, _output);
    }

    private static (long PriceTicks, TimeInForce TimeInForce) Translate(in WorkloadRecord record) => record.Type switch
    {
        1 => (record.Side == 0 ? BenchmarkInstrument.MaxPriceTicks : 1, TimeInForce.Ioc),
        2 => (record.PriceTicks, TimeInForce.Ioc),
        3 => (record.PriceTicks, TimeInForce.Fok),
        4 => (record.PriceTicks, TimeInForce.Gtx),
        _ => throw new InvalidDataException($"The workload has an order of type {record.Type}."),
    };

    private void Change(in WorkloadRecord record)
    {
        ref BookInput input = ref _change;
        input.Account = record.Account;
        input.Batch = ++_senders[record.Account].Batch;
        input.OrderId = record.Id;
        if (record.Operation == 1)
        {
            input.Kind = BookInputKind.Cancel;
        }
        else
        {
            input.Kind = BookInputKind.Amend;
            input.Fields = OrderFields.Price | OrderFields.Lots;
            input.PriceTicks = record.PriceTicks;
            input.Lots = record.Lots + _book.FilledLotsOf(record.Id);
            input.ReserveTicks = record.PriceTicks;
            input.WorstTicks = record.PriceTicks;
        }

        _book.Apply(in input, _output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(in BookEvent e)
    {
        uint account = e.Account;
        ref Sender sender = ref _senders[account];
        int isFirst = sender.Number == 0 ? 1 : 0;
        _unacknowledged[_unacknowledgedCount] = account; // No branch: one would be guessed wrong every second time.
        _unacknowledgedCount += isFirst;
        sender.Number = e.Number;
        if (e.Kind == BookEventKind.Fill)
            NoteFill(in e);
    }

    /// <summary>Each trade once, as its taker saw it.</summary>
    private void NoteFill(in BookEvent e)
    {
        if ((e.Flags & BookEventFlags.Maker) != 0)
            return;
        TradeCount++;
        TradedLots += e.Lots;
        ulong hash = TapeHash;
        hash = (hash ^ e.OtherId) * 0x100000001b3UL;
        hash = (hash ^ e.OrderId) * 0x100000001b3UL;
        hash = (hash ^ (ulong)e.PriceTicks) * 0x100000001b3UL;
        TapeHash = (hash ^ (ulong)e.Lots) * 0x100000001b3UL;
    }
}

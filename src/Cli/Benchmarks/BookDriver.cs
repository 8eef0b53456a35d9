using System.Runtime.CompilerServices;
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
    private const int Ahead = 2;
    private const int AccountCount = 1001;
    private const OrderFields PriceAndLots = OrderFields.Price | OrderFields.Lots;

    /// <summary>References that lead from a record to all that it touches.</summary>
    public const int PrefetchSteps = 3;
    private readonly OrderBook _book;
    private readonly BookOutput _output = new();
    /// <summary>Number of the last batch of each account.</summary>
    private readonly uint[] _batches = new uint[AccountCount];
    private int _operations;
    private readonly ulong _plainWord = new OrderTerms { Fields = PriceAndLots }.Word;
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
        _change.Epoch = 1;
        _change.Count = 1;
        _change.PostOnlyTradesOnAmend = true;
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
        for (int i = 0; i < records.Length; i++)
        {
            if (i + Ahead < records.Length)
                _book.Prefetch(records[i + Ahead].Account, records[i + Ahead].Id);
            Step(in records[i]);
        }
    }

    /// <summary>Applies one record, and acknowledges if that is due.</summary>
    public void Step(in WorkloadRecord record)
    {
        Apply(in record);
        if (MustAcknowledge)
            Acknowledge();
    }

    /// <summary>One of the <see cref="PrefetchSteps"/> by which a host asks for what a record it holds will touch.</summary>
    public void Prefetch(int step, in WorkloadRecord record)
    {
        ulong id = record.Operation == 0 ? 0 : record.Id;
        switch (step)
        {
            case 0: _book.PrefetchEntries(record.Account, record.Id, record.PriceTicks); break;
            case 1: _book.PrefetchOrders(record.Account, id, record.PriceTicks); break;
            default: _book.PrefetchNeighbours(record.Account, id); break;
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
            Note(in _output.Event(i));
        _operations++;
    }

    /// <summary>The accounts have seen all there is, as those of the same process have.</summary>
    public void Acknowledge()
    {
        _book.AcknowledgeAll();
    }

    /// <summary>The margin of a limit order is reserved at its price, and checked with it: as an account would.</summary>
    private void Place(in WorkloadRecord record)
    {
        ref BookInput input = ref _place;
        long price = record.PriceTicks;
        ulong word = _plainWord | record.Side;
        if (record.Type != 0)
            (price, word) = Translate(in record);
        input.Account = record.Account;
        input.Batch = ++_batches[record.Account];
        input.OrderId = record.Id;
        input.Terms.Word = word;
        input.Terms.Lots = record.Lots;
        input.Terms.PriceTicks = price;
        input.ReserveTicks = price;
        input.WorstTicks = price;
        _book.Apply(in input, _output);
    }

    private static (long PriceTicks, ulong Word) Translate(in WorkloadRecord record)
    {
        var terms = new OrderTerms { Side = (Side)record.Side, Fields = PriceAndLots };
        long price = record.PriceTicks;
        switch (record.Type)
        {
            case 1:
                price = record.Side == 0 ? BenchmarkInstrument.MaxPriceTicks : 1;
                terms.TimeInForce = TimeInForce.Ioc;
                break;
            case 2: terms.TimeInForce = TimeInForce.Ioc; break;
            case 3: terms.TimeInForce = TimeInForce.Fok; break;
            case 4: terms.TimeInForce = TimeInForce.Gtx; break;
            default: throw new InvalidDataException($"The workload has an order of type {record.Type}.");
        }

        return (price, terms.Word);
    }

    private void Change(in WorkloadRecord record)
    {
        ref BookInput input = ref _change;
        input.Account = record.Account;
        input.Batch = ++_batches[record.Account];
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

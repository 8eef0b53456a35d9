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
    private const uint AccountCount = 1001;
    private readonly OrderBook _book;
    private readonly BookOutput _output = new();
    private readonly uint[] _batches = new uint[AccountCount];
    private readonly ulong[] _numbers = new ulong[AccountCount];
    private readonly uint[] _unacknowledged = new uint[AccountCount];
    private readonly long[] _filled;
    private int _unacknowledgedCount;
    private int _operations;
    private BookInput _place;
    private BookInput _change;

    /// <param name="maxId">The highest order id of the workload.</param>
    public BookDriver(ulong maxId)
    {
        _book = new OrderBook(BenchmarkInstrument.Create());
        _filled = new long[maxId + 1];
        for (uint account = 0; account < AccountCount; account++)
            _book.Apply(new BookInput { Kind = BookInputKind.Register, Account = account, Epoch = 1 }, _output);
        _place.Kind = BookInputKind.Place;
        _place.Epoch = 1;
        _place.Count = 1;
        _place.Terms.Fields = OrderFields.Price | OrderFields.Lots;
        _change.Epoch = 1;
        _change.Count = 1;
        _change.PostOnlyTradesOnAmend = true;
    }

    public OrderBook Book => _book;

    public long TradeCount { get; private set; }

    public long TradedLots { get; private set; }

    public ulong TapeHash { get; private set; } = 0xcbf29ce484222325UL;

    /// <summary>Applies one record.</summary>
    public void Apply(in WorkloadRecord record)
    {
        uint account = record.Account;
        if (record.Operation == 0)
            ApplyNew(in record);
        else
            ApplyChange(in record);

        int events = _output.EventCount;
        for (int i = 0; i < events; i++)
            Note(in _book.Event(_output.EventAt(i)));
        if ((++_operations & (AcknowledgeEvery - 1)) == 0)
            AcknowledgeAll();
    }

    public void AcknowledgeAll()
    {
        BookInput input = new() { Kind = BookInputKind.Acknowledge, Epoch = 1 };
        for (int i = 0; i < _unacknowledgedCount; i++)
        {
            uint account = _unacknowledged[i];
            input.Account = account;
            input.Number = _numbers[account];
            _numbers[account] = 0;
            _book.Apply(in input, _output);
        }

        _unacknowledgedCount = 0;
    }

    private void ApplyNew(in WorkloadRecord record)
    {
        ref BookInput input = ref _place;
        input.Account = record.Account;
        input.Batch = ++_batches[record.Account];
        input.OrderId = record.Id;
        input.Terms.Side = (Side)record.Side;
        input.Terms.Lots = record.Lots;
        long price = record.PriceTicks;
        TimeInForce timeInForce = TimeInForce.Gtc;
        switch (record.Type)
        {
            case 1:
                price = record.Side == 0 ? BenchmarkInstrument.MaxPriceTicks : 1;
                timeInForce = TimeInForce.Ioc;
                break;
            case 2: timeInForce = TimeInForce.Ioc; break;
            case 3: timeInForce = TimeInForce.Fok; break;
            case 4: timeInForce = TimeInForce.Gtx; break;
        }

        input.Terms.PriceTicks = price;
        input.Terms.TimeInForce = timeInForce;
        _book.Apply(in input, _output);
    }

    private void ApplyChange(in WorkloadRecord record)
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
            input.Lots = record.Lots + _filled[record.Id];
        }

        _book.Apply(in input, _output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(in BookEvent e)
    {
        uint account = e.Account;
        if (_numbers[account] == 0)
            _unacknowledged[_unacknowledgedCount++] = account;
        _numbers[account] = e.Number;
        if (e.Kind == BookEventKind.Fill)
            NoteFill(in e);
    }

    private void NoteFill(in BookEvent e)
    {
        _filled[e.OrderId] += e.Lots;
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

using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>The <see cref="OrderBook"/> of the exchange, asked as its twin is.</summary>
/// <param name="hooks">Given: driven as a host does that works the trigger queue itself, one entry at a time.</param>
internal sealed class FastBook(
    Instrument instrument, IBookHooks? hooks = null, int outboxPerAccount = 65_536, int outboxPerBook = 4_000_000) : IBookUnderTest
{
    private readonly OrderBook _book = new(instrument, hooks) { OutboxPerAccount = outboxPerAccount, OutboxPerBook = outboxPerBook };
    private readonly BookOutput _output = new();

    public OrderBook Inner => _book;

    public long MarkTicks => _book.MarkTicks;

    public long LastTicks => _book.LastTicks;

    public BookResult Apply(BookInput input)
    {
        _book.Apply(in input, _output);
        var result = new BookResult
        {
            Outcome = _output.Outcome,
            IsRepeat = _output.IsRepeat,
            SpentE8 = _output.SpentE8,
            EarnedE8 = _output.EarnedE8,
            RoundIsDone = _output.RoundIsDone,
            FundingRemainderE8 = _output.FundingRemainderE8,
        };
        CopyEvents(result);
        while (hooks is not null && _book.QueuedCount != 0 && input.Kind is not (BookInputKind.Close or BookInputKind.CloseFull))
        {
            _book.Apply(new BookInput { Kind = BookInputKind.WorkTriggers }, _output);
            CopyEvents(result);
        }

        return result;
    }

    private void CopyEvents(BookResult result)
    {
        for (int i = 0; i < _output.EventCount; i++)
            result.Events.Add(_output.Event(i));
    }

    public IReadOnlyList<BookLevel> Levels(Side side)
    {
        var levels = new (long PriceTicks, long Lots)[1_000];
        int count = _book.CopyLevels(side, levels);
        return [.. levels.Take(count).Select(l => new BookLevel(l.PriceTicks, l.Lots))];
    }

    public IReadOnlyList<ulong> QueueIds(Side side)
    {
        var ids = new List<ulong>();
        _book.CopyQueue(side, ids);
        return ids;
    }

    public IReadOnlyList<OpenOrder> OpenOrders(uint account)
    {
        var orders = new List<OpenOrder>();
        _book.CopyOpenOrders(account, orders);
        return orders;
    }

    public IReadOnlyList<RememberedOrder> ClientIds(uint account)
    {
        var orders = new List<RememberedOrder>();
        _book.CopyClientIds(account, orders);
        return orders;
    }

    public IReadOnlyList<BookEvent> Unacknowledged(uint account)
    {
        var events = new List<BookEvent>();
        _book.CopyEvents(account, 0, events);
        return events;
    }

    public long PositionLots(uint account, int leg) => _book.Position(account, leg);

    public long CostE8(uint account, int leg) => _book.PositionCostE8(account, leg);

    public ulong LastNumber(uint account) => _book.LastNumber(account);
}

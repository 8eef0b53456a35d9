using System.Diagnostics;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;

namespace Exchange.Core.Nodes;

/// <summary>One order book: stamps times and order ids, journals, answers batches, pushes outboxes until they are acknowledged.</summary>
/// <remarks>Its first record lists the instrument; until then it takes nothing else. Rules: docs/protocol.md 1 to 4, 7, 9.</remarks>
public sealed partial class BookNode : JournaledNode
{
    private const int OrderIdBits = 40;
    private readonly IBookObserver? _observer;
    private readonly BookOutput _output = new();
    private readonly List<OpenOrder> _orders = [];
    private readonly List<RememberedOrder> _clientIds = [];
    private readonly TouchedAccounts _touched = new();
    private readonly UnacknowledgedAccounts _unacknowledged;
    private readonly ImpactProbe _impact = new();
    private readonly NamedOrders _named = new();

    // Functions of the journal.
    private OrderBook? _book;
    private ulong _version;
    private RejectReason _instrumentRefusal;
    private TradingState _state;
    private long _settlementTicks;
    private ulong _nextOrderId;
    private long _remaindersE8;
    private ulong _remaindersNumber;

    private ulong _remaindersTaken;
    private long _remaindersAtMs;
    private long _sampledSecond;

    public BookNode(IJournalHost host, int symbol, NodeSettings? settings = null, IBookObserver? observer = null)
        : base(NodeId.Book(symbol), host, settings)
    {
        Symbol = symbol;
        _observer = observer;
        _nextOrderId = ((ulong)symbol + 1) << OrderIdBits;
        _unacknowledged = new UnacknowledgedAccounts(Settings.UnacknowledgedMs);
    }

    public int Symbol { get; }

    /// <summary>For reading; null until the instrument is listed.</summary>
    public OrderBook? Book => _book;

    /// <summary>Version of the instrument and its state, 0: not listed yet.</summary>
    public ulong Version => _version;

    /// <summary>Cumulative funding remainders, 1e-8.</summary>
    public long RemaindersE8 => _remaindersE8;

    /// <summary>Nothing is unacknowledged or half done.</summary>
    public bool IsAtRest => _book is null
        || (_book.UnacknowledgedCount == 0 && !_book.IsFundingOpen && !IsDelisting(_book) && _book.QueuedCount == 0
            && _remaindersTaken == _remaindersNumber);

    public override long NextTickMs
    {
        get
        {
            if (_book is null)
                return long.MaxValue;
            if (_book.QueuedCount != 0 || _book.IsFundingOpen || IsDelisting(_book))
                return TimeMs;
            long next = Math.Min(_book.NextTimerMs, _unacknowledged.NextMs);
            if (_state != TradingState.Settled)
                next = Math.Min(next, (_sampledSecond + 1) * 1_000);
            return _remaindersTaken == _remaindersNumber ? next : Math.Min(next, _remaindersAtMs);
        }
    }

    public override void Start()
    {
        Advance();
        _touched.Clear();
        if (_book is null)
            return;
        var accounts = new List<uint>();
        _book.CopyAccounts(accounts);
        foreach (uint account in accounts)
        {
            if (_book.OldestUnacknowledged(account) is not 0 and var oldest)
                _unacknowledged.Note(account, oldest, TimeMs);
        }
    }

    public override void Receive(NodeId from, NodeMessage message)
    {
        Advance();
        if (message is InstrumentMessage instrument)
            Receive(from, instrument);
        else if (_book is not null)
            Receive(_book, from, message);
    }

    public override void Tick()
    {
        Advance();
        if (_book is not { } book)
            return;
        if (book.NextTimerMs <= TimeMs)
            TakeAndPush(new BookInput { Kind = BookInputKind.Time });
        if (book.QueuedCount != 0)
            TakeAndPush(new BookInput { Kind = BookInputKind.WorkTriggers });
        if (book.IsFundingOpen)
        {
            TakeAndPush(new BookInput
            {
                Kind = BookInputKind.FundingSlice, Liquidation = book.FundingRoundId, SliceAccounts = (uint)Settings.SliceAccounts,
            });
        }

        if (IsDelisting(book))
            GoOnDelisting(book);
        if (TimeMs / 1_000 > _sampledSecond && _state != TradingState.Settled)
            SendSample(book);
        while (_unacknowledged.TryTake(TimeMs, out UnacknowledgedAccounts.Entry entry))
            Repeat(book, entry);
        if (_remaindersTaken != _remaindersNumber && TimeMs >= _remaindersAtMs)
            SendRemainders();
    }

    private void Receive(OrderBook book, NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case BatchMessage batch: Receive(book, from, batch); break;
            case AcknowledgeMessage acknowledge:
                if (Knows(book, acknowledge.Account, acknowledge.Acknowledgement.Number))
                    Take(Input(acknowledge.Account, acknowledge.Epoch, acknowledge.Acknowledgement));
                break;
            case RegisterMessage register: Receive(book, from, register); break;
            case LeaveMessage leave:
                CommandOutcome outcome = Take(new BookInput { Kind = BookInputKind.Leave, Account = leave.Account, Epoch = leave.Epoch });
                Host.Send(from, new LeftMessage(Symbol, leave.Epoch, outcome.Reason));
                break;
            case EventsWantedMessage wanted:
                if (Knows(book, wanted.Account, wanted.Applied))
                    PushEvents(book, wanted.Account, wanted.Applied);
                break;
            case MarkMessage mark:
                if (mark.Update.Number > book.MarkNumber && _state != TradingState.Settled)
                    TakeAndPush(new BookInput { Kind = BookInputKind.Mark, Number = mark.Update.Number, PriceTicks = mark.Update.Ticks });
                break;
            case FundingRoundMessage round: StartRound(book, from, round.Round); break;
            case ReportTakenMessage taken: _remaindersTaken = Math.Max(_remaindersTaken, taken.Number); break;
            default: throw new UnreachableException($"{Id} got {message.Kind}.");
        }
    }

    private void Receive(OrderBook book, NodeId from, BatchMessage batch)
    {
        if (!Knows(book, batch.Account, Math.Max(batch.Applied, batch.Acknowledgement.Number)))
            return;
        CommandOutcome[] outcomes = TakeBatch(book, batch, out RejectReason refusal);
        PushTouched(book, except: batch.Account);
        BookEvent[] events = refusal == RejectReason.None ? book.CopyEvents(batch.Account, batch.Applied, int.MaxValue) : [];
        Host.Send(from, new BatchAnswer(
            Symbol, batch.Epoch, batch.Batch, refusal, outcomes, events, book.LastNumber(batch.Account)));
    }

    private void Receive(OrderBook book, NodeId from, RegisterMessage register)
    {
        if (!Knows(book, register.Account, register.Applied))
            return;
        var input = new BookInput
        {
            Kind = BookInputKind.Register, Account = register.Account, Epoch = register.Epoch,
            Equity0E8 = register.Equity0E8, Equity1E8 = register.Equity1E8,
        };
        RejectReason refusal = Take(input).Reason;
        PushTouched(book, except: register.Account);
        _orders.Clear();
        _clientIds.Clear();
        book.CopyOpenOrders(register.Account, _orders);
        book.CopyClientIds(register.Account, _clientIds);
        Host.Send(from, new RegisteredMessage(
            Symbol, register.Epoch, refusal, [.. _orders], book.CopyEvents(register.Account, register.Applied, int.MaxValue), [.. _clientIds],
            book.LastNumber(register.Account)) { Named = _named.Of(register.Account) });
    }

    /// <summary>An account cannot know an event that this book has not given it, unless another activation of the book lives.</summary>
    private bool Knows(OrderBook book, uint account, ulong number)
    {
        if (number <= book.LastNumber(account))
            return true;
        Host.StepDown($"account {account} knows event {number} of {Id}, which has given it {book.LastNumber(account)}");
        return false;
    }

    private void StartRound(OrderBook book, NodeId from, FundingRound round)
    {
        if ((ulong)round.Id > book.FundingRoundId && _state != TradingState.Settled)
        {
            if (book.IsFundingOpen)
                return; // The one before is still being paid; Mark repeats.
            Take(new BookInput
            {
                Kind = BookInputKind.FundingRound, Liquidation = (ulong)round.Id, Amount = round.RateE8, PriceTicks = round.MarkTicks,
            });
        }

        Host.Send(from, new FundingRoundTakenMessage(round.Id));
    }

    private void SendSample(OrderBook book)
    {
        _sampledSecond = TimeMs / 1_000;
        bool hasImpact = _sampledSecond % 5 == 0;
        Host.Send(NodeId.Mark(Symbol), new SampleMessage(
            (ulong)_sampledSecond, book.BestBidTicks, book.BestAskTicks, book.LastTicks, hasImpact,
            hasImpact ? _impact.Of(book, Side.Buy) : default, hasImpact ? _impact.Of(book, Side.Sell) : default));
    }

    /// <summary>Halted: orders are left to be canceled. Settled: so are positions to be closed.</summary>
    private bool IsDelisting(OrderBook book) => _settlementTicks != 0 && (book.OpenOrderCount != 0 || book.IsSettling);

    private void GoOnDelisting(OrderBook book) => TakeAndPush(new BookInput
    {
        Kind = book.OpenOrderCount != 0 ? BookInputKind.Delist : BookInputKind.Settle, PriceTicks = _settlementTicks,
        SliceAccounts = (uint)Settings.SliceAccounts,
    });

    private void SendRemainders()
    {
        _remaindersAtMs = TimeMs + Settings.RepeatMs;
        Host.Send(NodeId.Clearing, new RemaindersMessage(Symbol, _remaindersNumber, _remaindersE8));
    }

    public override string ToString() => $"{Id} record {Sequence}, unacknowledged {_book?.UnacknowledgedCount}, funding {_book?.IsFundingOpen}"
        + $", remainders {_remaindersTaken} of {_remaindersNumber}";
}

using Exchange.Core;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Wire;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Books;

/// <summary>Hosts one order book: stamps times and order ids, journals, answers batches, pushes outboxes until acknowledged.</summary>
internal sealed partial class BookNode(World world, int id, Instrument instrument)
    : JournaledNode<BookInput>(world, id, $"book {instrument.SymbolId}")
{
    private const long RepeatMs = 400;
    private const int EventsAtOnce = 64;
    private readonly BookOutput _output = new();
    private readonly List<BookEvent> _events = [];
    private readonly List<OpenOrder> _orders = [];
    private readonly List<RememberedOrder> _clientIds = [];
    private readonly List<uint> _accounts = [];

    // All of these are functions of the journal.
    private OrderBook _book = new(instrument);
    private ulong _nextOrderId;
    private long _remaindersE8;
    private ulong _remaindersNumber;
    private readonly Dictionary<uint, uint> _epochs = [];

    private ulong _remaindersTaken;
    private long _repeatAtMs;
    private long _sampledSecond;

    public int Symbol => instrument.SymbolId;

    public OrderBook Book => _book;

    /// <summary>Everything that ever happened here, as the book of now knows it.</summary>
    public BookHistory History { get; } = new(instrument);

    /// <summary>Cumulative funding remainders, 1e-8.</summary>
    public long RemaindersE8 => _remaindersE8;

    public override bool IsAtRest =>
        IsUp && _book.UnacknowledgedCount == 0 && !_book.IsFundingOpen && _remaindersTaken == _remaindersNumber;

    protected override void OnStart()
    {
        _book = new OrderBook(instrument);
        _nextOrderId = ((ulong)Symbol + 1) << 40;
        _remaindersE8 = 0;
        _remaindersNumber = 0;
        _remaindersTaken = 0;
        _epochs.Clear();
        int from = Restore();
        History.Forget(_book);
        for (int i = from; i < Disk.Durable.Count; i++)
            Apply(Disk.Durable[i], (ulong)i + 1);
        _repeatAtMs = NowMs;
    }

    /// <summary>The order id it gets if accepted and the time are the host's to give.</summary>
    private CommandOutcome Take(BookInput input)
    {
        input.TimeMs = NowMs;
        if (input.Kind == BookInputKind.Place)
            input.OrderId = _nextOrderId;
        Disk.Append(in input);
        Apply(in input, Disk.AppendedSequence);
        return _output.Outcome;
    }

    private void Apply(in BookInput input, ulong sequence)
    {
        _book.Apply(in input, _output);
        if (input.Kind == BookInputKind.Place && !_output.IsRepeat && _output.Outcome.IsAccepted)
            _nextOrderId = _output.Outcome.OrderId + 1;
        if (input.Kind == BookInputKind.Register && _output.Outcome.IsAccepted)
            _epochs[input.Account] = input.Epoch;
        if (_output.RoundIsDone && _output.FundingRemainderE8 != 0)
        {
            _remaindersE8 += _output.FundingRemainderE8;
            _remaindersNumber = sequence;
        }

        for (int i = 0; i < _output.EventCount; i++)
            History.Add(in _output.Event(i));
    }

    public override void Receive(int from, Message message)
    {
        switch (message)
        {
            case BatchMessage batch: Receive(from, batch); break;
            case RegisterMessage register: Register(from, register); break;
            case AcknowledgeMessage acknowledge: Take(acknowledge.Input); break;
            case LeaveMessage leave:
                SendWhenDurable(from, new LeftMessage(Symbol, leave.Input.Epoch, Take(leave.Input).Reason));
                break;
            case EventsWantedMessage wanted: PushEvents(wanted.Account, wanted.Applied); break;
            case MarkMessage mark: SetMark(mark.Update); break;
            case FundingRoundMessage round: StartRound(from, round.Round); break;
            case ReportTakenMessage taken: _remaindersTaken = Math.Max(_remaindersTaken, taken.Number); break;
            default: throw new InvalidOperationException($"{Name} got {message}.");
        }
    }

    private void Receive(int from, BatchMessage batch)
    {
        var outcomes = new CommandOutcome[batch.Commands.Length];
        RejectReason refusal = RejectReason.None;
        for (int i = 0; i < outcomes.Length && refusal == RejectReason.None; i++)
        {
            BookInput input = batch.Commands[i];
            if (World.Mutant == Mutant.NoEpochCheck && _epochs.TryGetValue(batch.Account, out uint living))
                input.Epoch = living;
            outcomes[i] = Take(input);
            if (outcomes[i].Reason is RejectReason.StaleEpoch or RejectReason.NotRegistered or RejectReason.Gap)
                refusal = outcomes[i].Reason;
            PushTouched(except: batch.Account);
        }

        _events.Clear();
        if (refusal == RejectReason.None)
            _book.CopyEvents(batch.Account, batch.Applied, _events);
        SendWhenDurable(from, new BatchAnswer(
            Symbol, batch.Epoch, batch.Batch, refusal, outcomes, [.. _events], _book.LastNumber(batch.Account)));
    }

    private void Register(int from, RegisterMessage register)
    {
        RejectReason refusal = Take(register.Input).Reason;
        PushTouched(except: 0);
        uint account = register.Input.Account;
        _events.Clear();
        _orders.Clear();
        _clientIds.Clear();
        _book.CopyEvents(account, register.Applied, _events);
        _book.CopyOpenOrders(account, _orders);
        _book.CopyClientIds(account, _clientIds);
        SendWhenDurable(from, new RegisteredMessage(
            Symbol, register.Input.Epoch, refusal, [.. _orders], [.. _events], [.. _clientIds], _book.LastNumber(account)));
    }

    private void SetMark(MarkUpdate update)
    {
        Take(new BookInput { Kind = BookInputKind.Mark, Number = update.Number, PriceTicks = update.Ticks });
        PushTouched(except: 0);
    }

    private void StartRound(int from, FundingRound round)
    {
        if ((ulong)round.Id > _book.FundingRoundId)
        {
            if (_book.IsFundingOpen)
                return; // The one before is still being paid; Mark repeats.
            Take(new BookInput
            {
                Kind = BookInputKind.FundingRound, Liquidation = (ulong)round.Id, Amount = round.RateE8, PriceTicks = round.MarkTicks,
            });
        }

        SendWhenDurable(from, new FundingRoundTakenMessage(round.Id));
    }

    protected override void OnTick()
    {
        if (_book.NextTimerMs <= NowMs)
            TakeAndPush(new BookInput { Kind = BookInputKind.Time });
        if (_book.QueuedCount != 0)
            TakeAndPush(new BookInput { Kind = BookInputKind.WorkTriggers });
        if (_book.IsFundingOpen)
            TakeAndPush(new BookInput { Kind = BookInputKind.FundingSlice, Liquidation = _book.FundingRoundId, SliceAccounts = 1 });
        if (NowMs / 1_000 > _sampledSecond)
            SendSample();
        if (NowMs >= _repeatAtMs)
            Repeat();
    }

    private void TakeAndPush(BookInput input)
    {
        Take(input);
        PushTouched(except: 0);
    }

    /// <summary>What the last input did to other accounts is sent to them at once, and again until they acknowledge it.</summary>
    private void PushTouched(uint except)
    {
        _accounts.Clear();
        for (int i = 0; i < _output.EventCount; i++)
        {
            uint account = _output.Event(i).Account;
            if (account != except && !_accounts.Contains(account))
                _accounts.Add(account);
        }

        foreach (uint account in _accounts)
        {
            ulong first = ulong.MaxValue;
            for (int i = 0; i < _output.EventCount; i++)
            {
                ref readonly BookEvent e = ref _output.Event(i);
                if (e.Account == account)
                    first = Math.Min(first, e.Number);
            }

            PushEvents(account, first - 1);
        }
    }

    private void PushEvents(uint account, ulong after)
    {
        _events.Clear();
        _book.CopyEvents(account, after, _events);
        if (_events.Count != 0)
            SendWhenDurable(World.AccountNodeOf(account), new EventsMessage(Symbol, [.. _events.Take(EventsAtOnce)]));
    }

    private void Repeat()
    {
        _repeatAtMs = NowMs + RepeatMs;
        _accounts.Clear();
        _book.CopyAccounts(_accounts);
        foreach (uint account in _accounts)
            PushEvents(account, 0);
        if (_remaindersTaken != _remaindersNumber)
            SendWhenDurable(World.ClearingId, new RemaindersMessage(Symbol, _remaindersNumber, _remaindersE8));
    }

    private void SendSample()
    {
        _sampledSecond = NowMs / 1_000;
        SendWhenDurable(World.MarkNodeOf(Symbol), new SampleMessage(new MarkInput
        {
            Kind = MarkInputKind.Sample,
            SampleNumber = (ulong)_sampledSecond,
            BidTicks = _book.BestBidTicks,
            AskTicks = _book.BestAskTicks,
            LastTicks = _book.LastTicks,
        }));
    }

    public override string ToString() =>
        $"{Name} unacknowledged {_book.UnacknowledgedCount}, funding {_book.IsFundingOpen}, remainders {_remaindersTaken} of {_remaindersNumber}";
}

using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <content>What is journaled, and what follows from the journal alone.</content>
public sealed partial class BookNode
{
    private const byte InputRecord = 1;
    private const byte BatchRecord = 2;
    private const byte InstrumentRecord = 3;

    /// <summary>As <see cref="BatchRecord"/>; behind each command the text of its client id.</summary>
    private const byte NamedBatchRecord = 4;

    private CommandOutcome Take(BookInput input)
    {
        SnapshotWriter record = BeginRecord(InputRecord);
        input.TimeMs = 0;
        WordPack.Write(record, ref input);
        input.TimeMs = TimeMs;
        Apply(_book!, in input);
        EndRecord();
        return _output.Outcome;
    }

    private void TakeAndPush(BookInput input)
    {
        Take(input);
        PushTouched(_book!, except: 0);
    }

    /// <summary>A batch is one record: done as a whole, or not at all. Order ids are stamped as it is done.</summary>
    private CommandOutcome[] TakeBatch(OrderBook book, BatchMessage batch, out RejectReason refusal)
    {
        bool isNamed = batch.ClientIds.Length != 0;
        SnapshotWriter record = BeginRecord(isNamed ? NamedBatchRecord : BatchRecord);
        record.Write(batch.Account);
        record.Write(batch.Epoch);
        record.Write(batch.Batch);
        record.WriteStruct((ushort)batch.Commands.Length);
        record.WriteStruct(batch.Acknowledgement);
        if (batch.Acknowledgement.Number != 0)
            Apply(book, Stamped(Input(batch.Account, batch.Epoch, batch.Acknowledgement)));
        var outcomes = new CommandOutcome[batch.Commands.Length];
        refusal = RejectReason.None;
        for (int i = 0; i < outcomes.Length && refusal == RejectReason.None; i++)
        {
            BookInput input = batch.Commands[i];
            input.TimeMs = 0;
            if (input.Kind == BookInputKind.Place)
                input.OrderId = _nextOrderId;
            BookInputWire.Write(record, in input);
            if (isNamed)
                record.WriteStruct(in batch.ClientIds[i]);
            Apply(book, Stamped(input), isNamed ? batch.ClientIds[i] : default);
            outcomes[i] = Told(book, in input, _output.Outcome);
            if (outcomes[i].Reason is RejectReason.StaleEpoch or RejectReason.NotRegistered or RejectReason.Gap)
                refusal = outcomes[i].Reason;
        }

        EndRecord();
        return outcomes;
    }

    /// <summary>With a refusal what would have passed, where only the book knows it.</summary>
    private static CommandOutcome Told(OrderBook book, in BookInput input, CommandOutcome outcome) =>
        outcome.Reason == RejectReason.PostOnlyWouldCross ? new(outcome.Reason, (ulong)book.PostOnlyTicks(input.Terms.Side)) : outcome;

    private void Receive(NodeId from, InstrumentMessage message)
    {
        if (message.Instrument.SymbolId != Symbol)
            return;
        if (message.Version > _version)
        {
            if (message.State == TradingState.Settled && !MaySettle(message))
                return; // It is said again.
            SnapshotWriter record = BeginRecord(InstrumentRecord);
            InstrumentWire.Write(record, message);
            Apply(message);
            EndRecord();
            if (_book is { } book)
                PushTouched(book, except: 0);
        }

        if (_book is not { } told || !IsDelisting(told))
            Host.Send(from, new InstrumentTakenMessage(Id, _version, _instrumentRefusal));
    }

    /// <summary>Nothing is open any more, and the book has heard of the price as the mark.</summary>
    private bool MaySettle(InstrumentMessage message) => _book is { OpenOrderCount: 0, IsFundingOpen: false } book && book.MarkTicks == message.SettlementTicks;

    private void Apply(InstrumentMessage message)
    {
        _version = message.Version;
        _instrumentRefusal = RejectReason.None;
        if (_book is null)
            _book = new OrderBook(message.Instrument);
        else if (!InstrumentWire.IsSame(_book.Instrument, message.Instrument))
            _instrumentRefusal = Change(_book, message.Instrument);
        bool isOther = _book.State != message.State;
        _state = message.State;
        _settlementTicks = message.SettlementTicks;
        if (isOther && _state == TradingState.Settled)
            Apply(_book, Stamped(new BookInput { Kind = BookInputKind.Settle, PriceTicks = _settlementTicks, SliceAccounts = 1 }));
        else if (isOther)
            Apply(_book, Stamped(new BookInput { Kind = BookInputKind.SetState, State = _state }));
        _observer?.OnInstrument(_book, Sequence);
    }

    private static RejectReason Change(OrderBook book, Instrument instrument)
    {
        if (!instrument.HasNameAndUnitsOf(book.Instrument))
            return RejectReason.InstrumentRefused;
        if (book.OpenOrderCount != 0)
            return RejectReason.OpenOrders;
        book.Change(instrument);
        return RejectReason.None;
    }

    private BookInput Stamped(BookInput input)
    {
        input.TimeMs = TimeMs;
        return input;
    }

    private static BookInput Input(uint account, uint epoch, in Acknowledgement acknowledgement) => new()
    {
        Kind = BookInputKind.Acknowledge, Account = account, Epoch = epoch, Number = acknowledgement.Number,
        Equity0E8 = acknowledgement.Equity0E8, Equity1E8 = acknowledgement.Equity1E8,
    };

    /// <param name="clientId">Of an order that is placed: its text, if there is one.</param>
    private void Apply(OrderBook book, in BookInput input, in ClientOrderId clientId = default)
    {
        book.Apply(in input, _output);
        if (input.Kind == BookInputKind.Place && !_output.IsRepeat && _output.Outcome.IsAccepted)
        {
            _nextOrderId = _output.Outcome.OrderId + 1;
            if (!clientId.IsNone)
                Keep(in input, in clientId);
        }

        if (input.Kind == BookInputKind.Acknowledge && _output.Outcome.Reason == RejectReason.None)
            _named.Forget(input.Account, input.Number);
        if (_output.RoundIsDone && _output.FundingRemainderE8 != 0)
        {
            _remaindersE8 += _output.FundingRemainderE8;
            _remaindersNumber = Sequence;
            _remaindersAtMs = 0;
        }

        _touched.Add(_output);
        _observer?.OnInput(book, Sequence, in input, _output);
    }

    private void Keep(in BookInput placed, in ClientOrderId clientId)
    {
        for (int i = 0; i < _output.EventCount; i++)
        {
            ref readonly BookEvent e = ref _output.Event(i);
            if (e.Kind != BookEventKind.Accepted || e.Account != placed.Account)
                continue;
            _named.Add(placed.Account, new NamedOrder { Number = e.Number, OrderId = e.OrderId, Terms = placed.Terms, ClientId = clientId });
            return;
        }
    }

    private protected override void Replay(byte kind, SnapshotReader record)
    {
        _touched.Clear();
        switch (kind)
        {
            case InputRecord: Apply(Listed(), Stamped(WordPack.Read<BookInput>(record))); break;
            case BatchRecord: ReplayBatch(Listed(), record, isNamed: false); break;
            case NamedBatchRecord: ReplayBatch(Listed(), record, isNamed: true); break;
            case InstrumentRecord: Apply(InstrumentWire.Read(record)); break;
            default: throw new SnapshotException($"{Id} has no record of kind {kind}.");
        }
    }

    private void ReplayBatch(OrderBook book, SnapshotReader record, bool isNamed)
    {
        uint account = record.ReadUInt32();
        uint epoch = record.ReadUInt32();
        uint batch = record.ReadUInt32();
        ushort count = record.ReadStruct<ushort>();
        Acknowledgement acknowledgement = record.ReadStruct<Acknowledgement>();
        if (acknowledgement.Number != 0)
            Apply(book, Stamped(Input(account, epoch, in acknowledgement)));
        for (ushort index = 0; !record.IsAtEnd; index++)
        {
            BookInput input = BookInputWire.Read(record, account, epoch, batch, index, count);
            Apply(book, Stamped(input), isNamed ? record.ReadStruct<ClientOrderId>() : default);
        }
    }

    private OrderBook Listed() => _book ?? throw new SnapshotException($"The journal of {Id} does not begin with its instrument.");

    private protected override void Write(SnapshotWriter writer)
    {
        writer.Write(_version);
        if (_book is null)
            return;
        InstrumentWire.Write(writer, new InstrumentMessage(_version, _book.Instrument, _state, _settlementTicks));
        writer.WriteStruct((ushort)_instrumentRefusal);
        writer.Write(_nextOrderId);
        writer.Write(_remaindersE8);
        writer.Write(_remaindersNumber);
        _book.Snapshot(writer);
        var accounts = new List<uint>();
        _book.CopyAccounts(accounts);
        _named.Write(writer, accounts);
    }

    private protected override void Read(SnapshotReader reader)
    {
        _version = reader.ReadUInt64();
        if (_version == 0)
            return;
        InstrumentMessage instrument = InstrumentWire.Read(reader);
        _book = new OrderBook(instrument.Instrument);
        _state = instrument.State;
        _settlementTicks = instrument.SettlementTicks;
        _instrumentRefusal = (RejectReason)reader.ReadStruct<ushort>();
        _nextOrderId = reader.ReadUInt64();
        _remaindersE8 = reader.ReadInt64();
        _remaindersNumber = reader.ReadUInt64();
        _book.Restore(reader);
        _named.Read(reader);
    }
}

using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <content>What is journaled, and what follows from the journal alone.</content>
public sealed partial class MarkNode
{
    private const byte InputRecord = 1;
    private const byte RangesRecord = 2;
    private const byte InstrumentRecord = 3;
    private const byte IndexRecord = 4;
    private const byte HandRecord = 5;

    /// <summary>Ranges that wait come first: a mark that moves must find them.</summary>
    private void Take(Mark mark, MarkInput input)
    {
        TakeRanges(mark);
        SnapshotWriter record = BeginRecord(InputRecord);
        WordPack.Write(record, ref input);
        Apply(mark, input);
        EndRecord();
        Tell();
    }

    private void TakeIndex(Mark mark, IndexMessage index)
    {
        TakeRanges(mark);
        SnapshotWriter record = BeginRecord(IndexRecord);
        record.Write(index.Number);
        record.Write(index.IndexE8);
        ApplyIndex(mark, index.Number, index.IndexE8);
        EndRecord();
        Tell();
    }

    /// <summary>Done once by number; a round waits until the book has the one before.</summary>
    private void TakeByHand(Mark mark, NodeId from, ulong number, MarkInput input)
    {
        if (number > _handNumber)
        {
            if (input.Kind == MarkInputKind.Round && _roundTaken != mark.LastRound.Id)
                return; // It is said again.
            TakeRanges(mark);
            SnapshotWriter record = BeginRecord(HandRecord);
            record.Write(number);
            WordPack.Write(record, ref input);
            ApplyByHand(mark, number, input);
            EndRecord();
            Tell();
        }

        if (number == _handNumber)
            Host.Send(from, new HandTakenMessage(Symbol, number, _handReason));
    }

    private void ApplyByHand(Mark mark, ulong number, MarkInput input)
    {
        _handNumber = number;
        _handReason = Judge(mark, in input);
        _output.Clear();
        if (_handReason == RejectReason.None)
            Apply(mark, input);
    }

    private RejectReason Judge(Mark mark, in MarkInput input)
    {
        if (_settlementTicks != 0)
            return RejectReason.SymbolNotTrading;
        if (input.Kind == MarkInputKind.Set)
            return input.MarkTicks < 1 || input.MarkTicks > mark.Instrument.MaxPriceTicks ? RejectReason.PriceRange : RejectReason.None;
        return input.RateE8 is < -InstrumentLimits.MaxRateE8 or > InstrumentLimits.MaxRateE8 ? RejectReason.AmountRange
            : mark.MarkTicks == 0 ? RejectReason.SymbolNotTrading
            : RejectReason.None;
    }

    private void TakeRanges(Mark mark)
    {
        if (_pending.Count == 0)
            return;
        SnapshotWriter record = BeginRecord(RangesRecord);
        record.Write(_pending.Count);
        foreach ((_, PriceRange range) in _pending)
        {
            record.WriteStruct(in range);
            Apply(mark, new MarkInput { Kind = MarkInputKind.Range, Range = range });
        }

        EndRecord();
        foreach ((NodeId from, PriceRange range) in _pending)
        {
            Host.Send(from, new RangeTakenMessage(Symbol, range.Epoch, range.Number));
            if (mark.Alarms.IsWoken(range.Account))
                Wake(mark, range.Account);
        }

        _pending.Clear();
        _pendingOf.Clear();
    }

    private void Receive(NodeId from, InstrumentMessage message)
    {
        if (message.Instrument.SymbolId != Symbol)
            return;
        if (message.Version > _version)
        {
            if (_mark is { } mark)
                TakeRanges(mark);
            SnapshotWriter record = BeginRecord(InstrumentRecord);
            InstrumentWire.Write(record, message);
            Apply(message);
            EndRecord();
            _settlingSinceMs = TimeMs;
            Tell();
        }

        if (!IsDelisting || IsCalm(_mark!))
            Host.Send(from, new InstrumentTakenMessage(Id, _version, _instrumentRefusal));
    }

    /// <summary>
    /// All that the settlement price set off is over: the round before is paid, and whom it woke is safe or liquidated. One who cannot
    /// get there, as for another symbol's stale mark, is not waited for long: what he lacks will be his debt.
    /// </summary>
    private bool IsCalm(Mark mark) => _roundTaken == mark.LastRound.Id
        && ((mark.Alarms.WokenInAnyOrder.IsEmpty && _pending.Count == 0) || TimeMs - _settlingSinceMs >= Settings.SettlementPatienceMs);

    private void Apply(InstrumentMessage message)
    {
        _output.Clear();
        _version = message.Version;
        _instrumentRefusal = RejectReason.None;
        if (_mark is null)
            _mark = new Mark(message.Instrument);
        else if (!message.Instrument.HasNameAndUnitsOf(_mark.Instrument))
            _instrumentRefusal = RejectReason.InstrumentRefused;
        else if (!InstrumentWire.IsSame(_mark.Instrument, message.Instrument))
            _mark.Change(message.Instrument);
        bool isDelisted = _settlementTicks == 0 && message.SettlementTicks != 0;
        _settlementTicks = message.SettlementTicks;
        if (_state != message.State)
        {
            _state = message.State;
            Apply(_mark, new MarkInput { Kind = MarkInputKind.State, State = message.State });
        }

        if (isDelisted)
            Apply(_mark, new MarkInput { Kind = MarkInputKind.Set, MarkTicks = _settlementTicks });
    }

    private void Apply(Mark mark, MarkInput input)
    {
        input.TimeMs = TimeMs;
        mark.Apply(in input, _output);
        if (_output.HasMark)
            _update = _output.Mark;
        _observer?.OnInput(mark, Sequence, in input, _output);
    }

    private void ApplyIndex(Mark mark, ulong number, long indexE8)
    {
        Apply(mark, new MarkInput { Kind = MarkInputKind.Index, IndexE8 = indexE8 });
        _indexNumber = number;
        _indexReason = _output.Outcome;
    }

    /// <summary>A new mark, and a round, leave as soon as they are durable.</summary>
    private void Tell()
    {
        if (_output.HasMark)
            SendUpdate();
        else if (_output.HasFunding)
            SendRound(_output.Funding);
    }

    private protected override void Replay(byte kind, SnapshotReader record)
    {
        switch (kind)
        {
            case InputRecord: Apply(Listed(), WordPack.Read<MarkInput>(record)); break;
            case IndexRecord: ApplyIndex(Listed(), record.ReadUInt64(), record.ReadInt64()); break;
            case RangesRecord:
                foreach (PriceRange range in record.ReadStructs<PriceRange>(MostPendingRanges))
                    Apply(Listed(), new MarkInput { Kind = MarkInputKind.Range, Range = range });
                break;
            case HandRecord: ApplyByHand(Listed(), record.ReadUInt64(), WordPack.Read<MarkInput>(record)); break;
            case InstrumentRecord: Apply(InstrumentWire.Read(record)); break;
            default: throw new SnapshotException($"{Id} has no record of kind {kind}.");
        }
    }

    private Mark Listed() => _mark ?? throw new SnapshotException($"The journal of {Id} does not begin with its instrument.");

    private protected override void Write(SnapshotWriter writer)
    {
        writer.Write(_version);
        if (_mark is null)
            return;
        InstrumentWire.Write(writer, new InstrumentMessage(_version, _mark.Instrument, _state, _settlementTicks));
        writer.WriteStruct(new Beside
        {
            Update = _update,
            IndexNumber = _indexNumber,
            IndexReason = (long)_indexReason,
            InstrumentRefusal = (long)_instrumentRefusal,
            HandNumber = _handNumber,
            HandReason = (long)_handReason,
        });
        _mark.Write(writer);
    }

    private protected override void Read(SnapshotReader reader)
    {
        _version = reader.ReadUInt64();
        if (_version == 0)
            return;
        InstrumentMessage instrument = InstrumentWire.Read(reader);
        _mark = new Mark(instrument.Instrument);
        _state = instrument.State;
        _settlementTicks = instrument.SettlementTicks;
        Beside beside = reader.ReadStruct<Beside>();
        _update = beside.Update;
        _indexNumber = beside.IndexNumber;
        _indexReason = (RejectReason)beside.IndexReason;
        _instrumentRefusal = (RejectReason)beside.InstrumentRefusal;
        _handNumber = beside.HandNumber;
        _handReason = (RejectReason)beside.HandReason;
        _mark.Read(reader);
    }

    /// <summary>What the node keeps beside the machine.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Beside
    {
        public MarkUpdate Update;
        public ulong IndexNumber;
        public long IndexReason;
        public long InstrumentRefusal;
        public ulong HandNumber;
        public long HandReason;
    }
}

using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Wire;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Marks;

/// <summary>Hosts one symbol's mark: sends every update to its book and to every account's table, wakes who must wake.</summary>
internal sealed class MarkNode(World world, int id, Instrument instrument)
    : JournaledNode<MarkInput>(world, id, $"mark {instrument.SymbolId}")
{
    private const long RepeatMs = 500;
    private readonly MarkOutput _output = new();
    private Mark _mark = new(instrument);
    private MarkUpdate _update;
    private long _roundTaken;
    private long _repeatAtMs;

    public int Symbol => instrument.SymbolId;

    public Mark Mark => _mark;

    public override bool IsAtRest => IsUp && _roundTaken == _mark.LastRound.Id && _mark.Alarms.Woken.IsEmpty && !_mark.IsStale;

    protected override void OnStart()
    {
        _mark = new Mark(instrument);
        _update = default;
        _roundTaken = 0;
        for (int i = Restore(); i < Disk.Durable.Count; i++)
            Apply(Disk.Durable[i]);
        _repeatAtMs = NowMs;
    }

    public override void Receive(int from, Message message)
    {
        switch (message)
        {
            case IndexMessage index:
                Post(index.IndexE8);
                break;
            case SampleMessage sample:
                Take(sample.Sample);
                break;
            case RangeMessage range:
                Take(new MarkInput { Kind = MarkInputKind.Range, Range = range.Range });
                SendWhenDurable(from, new RangeTakenMessage(Symbol, range.Range.Epoch, range.Range.Number));
                break;
            case FundingRoundTakenMessage taken:
                _roundTaken = Math.Max(_roundTaken, taken.RoundId);
                break;
            default:
                throw new InvalidOperationException($"{Name} got {message}.");
        }
    }

    protected override void OnTick()
    {
        if (_mark.IndexE8 != 0 && NowMs / 1_000 > _update.TimeMs / 1_000)
            Take(new MarkInput { Kind = MarkInputKind.Time });
        if (NowMs < _repeatAtMs)
            return;
        _repeatAtMs = NowMs + RepeatMs;
        foreach (uint account in _mark.Alarms.Woken)
        {
            _mark.Alarms.TryGet(account, out PriceRange range);
            SendWhenDurable(World.AccountNodeOf(account), new WakeMessage(Symbol, _update, range));
        }

        if (_roundTaken != _mark.LastRound.Id)
            SendWhenDurable(World.BookNodeOf(Symbol), new FundingRoundMessage(_mark.LastRound));
    }

    protected override void Write(SnapshotWriter writer)
    {
        _mark.Write(writer);
        writer.Write(_update.TimeMs);
    }

    protected override void Read(SnapshotReader reader)
    {
        _mark.Read(reader);
        _update = new MarkUpdate(_mark.MarkNumber, _mark.MarkTicks, reader.ReadInt64(), _mark.Gap);
    }

    /// <summary>After lost messages a crash may be a leap that the mark refuses: then the operator halts, posts and resumes.</summary>
    private void Post(long indexE8)
    {
        var index = new MarkInput { Kind = MarkInputKind.Index, IndexE8 = indexE8 };
        Take(index);
        if (_output.Outcome != RejectReason.PriceBandOfIndex)
            return;
        Take(new MarkInput { Kind = MarkInputKind.State, State = TradingState.Halted });
        Take(index);
        Take(new MarkInput { Kind = MarkInputKind.State, State = TradingState.Trading });
    }

    private void Take(MarkInput input)
    {
        input.TimeMs = NowMs;
        Disk.Append(in input);
        Apply(in input);
        if (!_output.HasMark)
            return;
        var message = new MarkMessage(Symbol, _update);
        SendWhenDurable(World.BookNodeOf(Symbol), message);
        foreach (uint account in World.Accounts)
            SendWhenDurable(World.AccountNodeOf(account), message);
    }

    private void Apply(in MarkInput input)
    {
        _mark.Apply(in input, _output);
        if (_output.HasMark)
            _update = _output.Mark;
    }

    public override string ToString() =>
        $"{Name} round {_roundTaken} of {_mark.LastRound.Id}, woken {_mark.Alarms.Woken.Length}, stale {_mark.IsStale}";
}

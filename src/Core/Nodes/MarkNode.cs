using System.Diagnostics;
using Exchange.Core.Marks;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;

namespace Exchange.Core.Nodes;

/// <summary>One symbol's mark: sends every update to its book and to every table of marks, wakes who must wake, gives out funding rounds.</summary>
/// <remarks>
/// Ranges are journaled together, at the latest before the next mark: until then the one before counts, which its account's books
/// still have the events for. Rules: docs/protocol.md 3, 5, 7.
/// </remarks>
public sealed partial class MarkNode : JournaledNode
{
    private const int MostPendingRanges = 1_024;
    private const long SecondMs = 1_000;
    private readonly IMarkObserver? _observer;
    private readonly MarkOutput _output = new();
    private readonly List<(NodeId From, PriceRange Range)> _pending = [];
    private readonly Dictionary<uint, int> _pendingOf = [];

    // Functions of the journal.
    private Mark? _mark;
    private ulong _version;
    private RejectReason _instrumentRefusal;
    private TradingState _state;
    private long _settlementTicks;
    private MarkUpdate _update;
    private ulong _indexNumber;
    private RejectReason _indexReason;
    private ulong _handNumber;
    private RejectReason _handReason;

    private long _settlingSinceMs;
    private long _roundTaken;
    private long _sentMs;
    private long _pendingSinceMs;

    public MarkNode(IJournalHost host, int symbol, NodeSettings? settings = null, IMarkObserver? observer = null)
        : base(NodeId.Mark(symbol), host, settings)
    {
        Symbol = symbol;
        _observer = observer;
    }

    public int Symbol { get; }

    /// <summary>For reading; null until the instrument is listed.</summary>
    public Mark? Mark => _mark;

    /// <summary>Version of the instrument and its state, 0: not listed yet.</summary>
    public ulong Version => _version;

    /// <summary>The last update; number 0: none yet.</summary>
    public MarkUpdate Update => _update;

    public bool IsAtRest => _mark is null
        || (_roundTaken == _mark.LastRound.Id && _mark.Alarms.Woken.IsEmpty && _pending.Count == 0 && (!_mark.IsStale || _state == TradingState.Settled));

    public override long NextTickMs => _mark is null || (_mark.IndexE8 == 0 && _update.Number == 0 && _pending.Count == 0) ? long.MaxValue
        : (TimeMs / SecondMs + 1) * SecondMs;

    /// <summary>Halted to be settled: the mark has moved to the settlement price, and stays there.</summary>
    private bool IsDelisting => _settlementTicks != 0 && _state != TradingState.Settled;

    public override void Start()
    {
        Advance();
        _settlingSinceMs = TimeMs;
        if (_mark is not null && _update.Number != 0)
            SendUpdate();
    }

    public override void Receive(NodeId from, NodeMessage message)
    {
        Advance();
        if (message is InstrumentMessage instrument)
            Receive(from, instrument);
        else if (_mark is not null)
            Receive(_mark, from, message);
    }

    public override void Tick()
    {
        Advance();
        if (_mark is not { } mark)
            return;
        if (TimeMs / SecondMs > _update.TimeMs / SecondMs && _state != TradingState.Settled)
            TakeSecond(mark);
        if (_pending.Count != 0 && TimeMs - _pendingSinceMs >= SecondMs)
            TakeRanges(mark);
        if (_update.Number != 0 && TimeMs - _sentMs >= Settings.RepeatMs)
            SendUpdate(); // The mark is held. What was said of it may have been lost.
    }

    private void Receive(Mark mark, NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case IndexMessage index: Receive(mark, from, index); break;
            case SampleMessage when _settlementTicks != 0: break;
            case SampleMessage sample:
                Take(mark, new MarkInput
                {
                    Kind = MarkInputKind.Sample, SampleNumber = sample.Number, BidTicks = sample.BidTicks, AskTicks = sample.AskTicks,
                    LastTicks = sample.LastTicks, HasImpact = sample.HasImpact, ImpactBid = sample.ImpactBid, ImpactAsk = sample.ImpactAsk,
                });
                break;
            case RangeMessage range: Receive(mark, from, range.Range); break;
            case SetMarkMessage set:
                TakeByHand(mark, from, set.Number, new MarkInput { Kind = MarkInputKind.Set, MarkTicks = set.Ticks });
                break;
            case SettleFundingMessage settle:
                TakeByHand(mark, from, settle.Number, new MarkInput { Kind = MarkInputKind.Round, RateE8 = settle.RateE8 });
                break;
            case FundingRoundTakenMessage taken: _roundTaken = Math.Max(_roundTaken, taken.RoundId); break;
            default: throw new UnreachableException($"{Id} got {message.Kind}.");
        }
    }

    /// <summary>A mark that nothing computes is set again every second: it must not look as if its source were silent.</summary>
    private void TakeSecond(Mark mark)
    {
        long heldTicks = _settlementTicks != 0 ? _settlementTicks : mark.IndexE8 == 0 ? mark.MarkTicks : 0;
        if (heldTicks != 0)
            Take(mark, new MarkInput { Kind = MarkInputKind.Set, MarkTicks = heldTicks });
        else if (mark.IndexE8 != 0 && !mark.IsStaleAt(TimeMs))
            Take(mark, new MarkInput { Kind = MarkInputKind.Time });
    }

    private void Receive(Mark mark, NodeId from, IndexMessage index)
    {
        if (_settlementTicks != 0)
        {
            Host.Send(from, new IndexTakenMessage(Symbol, index.Number, RejectReason.SymbolNotTrading));
            return;
        }

        if (index.Number > _indexNumber)
            TakeIndex(mark, index);
        if (index.Number == _indexNumber)
            Host.Send(from, new IndexTakenMessage(Symbol, index.Number, _indexReason));
    }

    /// <summary>One that the present mark is outside counts at once; any other waits for the next mark.</summary>
    private void Receive(Mark mark, NodeId from, in PriceRange range)
    {
        if (mark.Alarms.TryGet(range.Account, out PriceRange known) && !range.IsNewerThan(in known))
        {
            Host.Send(from, new RangeTakenMessage(Symbol, range.Epoch, range.Number));
            return;
        }

        if (!_pendingOf.TryGetValue(range.Account, out int at))
        {
            if (_pending.Count == 0)
                _pendingSinceMs = TimeMs;
            _pendingOf.Add(range.Account, _pending.Count);
            _pending.Add((from, range));
        }
        else if (range.IsNewerThan(_pending[at].Range))
        {
            _pending[at] = (from, range);
        }

        if (_pending.Count >= MostPendingRanges || (mark.MarkTicks != 0 && !range.Holds(mark.MarkTicks)))
            TakeRanges(mark);
    }

    /// <summary>The mark, with all that is repeated until it is heard: wakes, and the round.</summary>
    private void SendUpdate()
    {
        _sentMs = TimeMs;
        var message = new MarkMessage(Symbol, _update);
        Host.Send(NodeId.Book(Symbol), message);
        Host.Send(NodeId.Boards, message);
        foreach (uint account in _mark!.Alarms.Woken)
            Wake(_mark, account);
        if (_roundTaken != _mark.LastRound.Id)
            SendRound(_mark.LastRound);
    }

    private void SendRound(FundingRound round) => Host.Send(NodeId.Book(Symbol), new FundingRoundMessage(round));

    private void Wake(Mark mark, uint account)
    {
        mark.Alarms.TryGet(account, out PriceRange range);
        Host.Send(NodeId.Account(account), new WakeMessage(Symbol, _update, range));
    }

    public override string ToString() => $"{Id} record {Sequence}, round {_roundTaken} of {_mark?.LastRound.Id}"
        + $", woken {_mark?.Alarms.Woken.Length}, stale {_mark?.IsStale}, ranges waiting {_pending.Count}";
}

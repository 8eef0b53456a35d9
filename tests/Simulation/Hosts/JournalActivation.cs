using Exchange.Core.Books;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Hosts a journaled node: what has queued while an append was under way is the next one, and messages wait for theirs.</summary>
internal sealed class JournalActivation<TNode> : Activation, IJournalHost
    where TNode : JournaledNode
{
    private readonly JournalPlace<TNode> _place;
    private readonly Queue<byte[]> _queued = [];
    private readonly Queue<(ulong Sequence, NodeId To, NodeMessage Message)> _outgoing = [];
    private ulong _appended;
    private ulong _durable;
    private List<byte[]> _appending = [];
    private long _snapshotAtMs;

    public JournalActivation(JournalPlace<TNode> place, Func<IJournalHost, TNode> create)
        : base(place)
    {
        _place = place;
        Node = create(this);
    }

    public TNode Node { get; }

    /// <summary>Records that the node has applied and the store has not told to be durable.</summary>
    public IEnumerable<byte[]> NotDurable => _appending.Concat(_queued);

    /// <summary>Number of the last record that is known to be durable.</summary>
    public ulong Known => _durable;

    /// <summary>Samples and marks go on for ever, so something may always be on its way to the store.</summary>
    public override bool IsAtRest => Node switch
    {
        BookNode book => book.IsAtRest,
        MarkNode mark => mark.IsAtRest,
        ClearingNode clearing => clearing.IsAtRest,
        _ => true,
    };

    /// <summary>Half the time a node comes up from a snapshot: it must make no difference.</summary>
    public override void Start()
    {
        if (_place.Snapshot is { } snapshot && Random.Chance(50_000))
        {
            Node.Restore(snapshot);
            World.Happenings.Count(Happening.SnapshotRestored);
        }

        for (int i = (int)Node.Sequence; i < Place.Stream.Records.Count; i++)
            Node.Replay(Place.Stream.Records[i]);
        _appended = _durable = Node.Sequence;
        _snapshotAtMs = World.NowMs + Random.Between(2_000, 20_000);
        Node.Start();
    }

    public void Append(ReadOnlySpan<byte> record)
    {
        _queued.Enqueue(record.ToArray());
        _appended++;
    }

    public override void Send(NodeId to, NodeMessage message)
    {
        if (_durable == _appended || World.Mutant == Mutant.NoWaitForDurability
            || (World.Mutant == Mutant.RegisteredTooEarly && message is RegisteredMessage))
            SendNow(to, message);
        else
            _outgoing.Enqueue((_appended, to, message));
    }

    public override void Receive(NodeId from, NodeMessage message)
    {
        if (!Acts)
            return;
        if (World.Mutant == Mutant.NoEpochCheck && message is BatchMessage batch && Node is BookNode { Book: { } book })
            message = OfTheLiving(batch, book);
        if (message is BatchMessage { ClientIds.Length: > 0 } named && World.Mutant == Mutant.NamesAreNotSent)
            message = named with { ClientIds = [] };
        Node.Receive(from, message);
    }

    public override void Step()
    {
        if (Acts && NowMs >= Node.NextTickMs)
            Node.Tick();
        if (Acts && _appending.Count == 0 && _queued.Count != 0)
            BeginAppend();
        if (Acts && World.NowMs >= _snapshotAtMs && _durable == _appended)
            TakeSnapshot();
    }

    public override void CheckInvariants()
    {
        if (Node is BookNode { Book: { } book })
            book.CheckInvariants();
        else if (Node is MarkNode { Mark: { } mark })
            mark.Alarms.CheckInvariants();
    }

    private void BeginAppend()
    {
        int most = Random.Chance(10_000) ? 1 + Random.Below(_queued.Count) : _queued.Count;
        var records = new List<byte[]>(most);
        for (int i = 0; i < most; i++)
            records.Add(_queued.Dequeue());
        _appending = records;
        ulong expected = _durable;
        Write(
            thousandths => Append(expected, records, records.Count * thousandths / 1_000),
            () => EndAppend(records.Count));
    }

    private bool Append(ulong expected, List<byte[]> records, int count)
    {
        if (count != 0 && count != records.Count)
            World.Happenings.Count(Happening.WriteInPart);
        return Place.Stream.TryAppend(Epoch, expected, records.Take(count));
    }

    private void EndAppend(int records)
    {
        _appending = [];
        _durable += (ulong)records;
        while (_outgoing.TryPeek(out var next) && next.Sequence <= _durable)
        {
            _outgoing.Dequeue();
            SendNow(next.To, next.Message);
        }

        if (_queued.Count != 0)
            BeginAppend();
    }

    private void TakeSnapshot()
    {
        _snapshotAtMs = World.NowMs + Random.Between(2_000, 20_000);
        var writer = new SnapshotWriter();
        Node.WriteSnapshot(writer);
        _place.Snapshot = writer.Written.ToArray();
    }

    /// <summary>A mutant's book takes what a dead activation of an account sends as if the living one had sent it.</summary>
    private static BatchMessage OfTheLiving(BatchMessage batch, OrderBook book)
    {
        book.TryGetNextBatch(batch.Account, out uint epoch, out _);
        BookInput[] commands = [.. batch.Commands];
        foreach (ref BookInput command in commands.AsSpan())
            command.Epoch = epoch;
        return batch with { Epoch = epoch, Commands = commands };
    }

    public override string ToString() => $"{Node}, durable {_durable} of {_appended}";
}

using System.Diagnostics;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Storage.Streams;

namespace Exchange.Grains.Nodes;

/// <summary>A node whose inputs are journaled: what queued while a batch was made durable is the next batch, and nothing leaves before.</summary>
/// <remarks>
/// Every so many records the node's whole state is written beside the journal, which may then be forgotten up to there. State and
/// journal are one stream of one store, so that an activation that was replaced can write neither. What readers are shown is kept
/// with that state, and told to silos as it becomes durable (<see cref="MarketTeller"/>).
/// </remarks>
public abstract class JournaledGrain<TNode> : NodeGrain, IJournalHost, IMarketSource
    where TNode : JournaledNode
{
    /// <summary>Records that may wait for the store; nothing more is taken then until there are half as many.</summary>
    private const int MostWaiting = 16_384;

    /// <summary>Records that the next activation would have to replay, from which on it is handed a snapshot.</summary>
    private const int MostHandedOver = 1_000;

    /// <summary>Events of records read back that are put together.</summary>
    private const int MostMadeAtOnce = 1_024;
    private readonly long _snapshotRecords;
    private readonly Queue<(ulong Sequence, NodeId To, NodeMessage Message)> _waiting = new();
    private RecordBatch _next = new(16_384);
    private RecordBatch _appending = new(16_384);
    private Task _appends = Task.CompletedTask;
    private Task _saves = Task.CompletedTask;
    private readonly NotedSpan _span = new();
    private bool _isAppending;
    private bool _isSaving;
    private uint _epoch;
    private ulong _durable;
    private ulong _saved;
    private ulong _appended;
    private long _tradesCounted;
    private StreamState? _snapshot;
    private MarketTeller? _teller;

    private protected JournaledGrain(NodeServices services, NodeKind kind)
        : base(services, kind) => _snapshotRecords = services.Options.SnapshotRecords;

    internal abstract TNode Node { get; }

    /// <summary>What the node makes for readers.</summary>
    private protected abstract MarketSource Market { get; }

    private protected override long NextTickMs => Node.NextTickMs;

    void IJournalHost.Append(ReadOnlySpan<byte> record)
    {
        _next.Add(record);
        _appended++;
        _span.Note();
    }

    public ValueTask Follow(string silo, MarketPlace heard)
    {
        if (heard.Epoch > _epoch)
            StepDown($"silo {silo} has heard epoch {heard.Epoch} of {Id}, this is {_epoch}");
        else
            _teller!.Follow(silo, heard);
        return ValueTask.CompletedTask;
    }

    public override void Send(NodeId to, NodeMessage message)
    {
        if (IsOver)
            return;
        if (_durable == _appended)
            Leave(to, message);
        else
            _waiting.Enqueue((_appended, to, message));
    }

    private protected override async Task Open(CancellationToken cancellation)
    {
        OpenedStream opened = await Store.Open(Stream, cancellation);
        _epoch = checked((uint)opened.Epoch);
        if (opened.State is { } state)
        {
            var reader = new SnapshotReader(state.Bytes);
            Node.Restore(reader);
            Market.Read(reader);
        }

        _saved = Node.Sequence;
        _teller = new MarketTeller(
            Node, Market, Services.Options.MarketEventsKept, silo => batch => Services.Markets.Tell(silo, batch), () => IsOver);
        _teller.Begin(_epoch);
        await foreach (StreamRecord record in Store.Read(Stream, Node.Sequence, cancellation))
        {
            Node.Replay(record.Bytes);
            if (Market.Made.Count >= MostMadeAtOnce)
                _teller.Cut();
        }

        _durable = _appended = opened.LastSequence;
        _tradesCounted = Market.Trades;
        if (Node.Sequence != _durable)
            throw new StreamDamagedException(Stream, Node.Sequence + 1, $"the journal ends at {_durable}");
        _teller.Cut();
        _teller.Release(_durable);
        Node.Start();
    }

    private protected override void Receive(NodeId from, NodeMessage message) => Node.Receive(from, message);

    private protected override void Tick() => Node.Tick();

    private protected override bool IsFull => _next.Count >= MostWaiting;

    private protected override void Write()
    {
        if (!_isAppending && _next.Count > 0)
            _appends = AppendUntilEmpty();
        if (_snapshot is null && !_isSaving && Node.Sequence - _saved >= (ulong)_snapshotRecords)
            TakeSnapshot();
    }

    private protected override async Task WriteOut()
    {
        while (_isAppending)
            await _appends;
        if (!IsOver && _snapshot is null && !_isSaving && Node.Sequence - _saved > MostHandedOver)
            TakeSnapshot();
        while (_isSaving)
            await _saves;
    }

    private async Task AppendUntilEmpty()
    {
        _isAppending = true;
        if (NodeTracing.Current is not null)
            Activity.Current = null; // What is sent from here on is not only what the present turn led to.
        try
        {
            while (_next.Count > 0 && !IsOver)
            {
                _teller!.Cut();
                (_appending, _next) = (_next, _appending);
                long trades = Market.Trades;
                using Activity? span = NodeTracing.BeginAppend(Id, _appending.Count, _span.Take());
                _durable = await Store.Append(Stream, _epoch, _durable, _appending);
                _appending.Clear();
                Count(trades);
                Release();
            }
        }
        catch (Exception cause)
        {
            // Refused, or nobody knows: what is durable only the next activation can tell.
            StepDown(cause.Message);
        }
        finally
        {
            _isAppending = false;
        }
    }

    private void Release()
    {
        while (!IsOver && _waiting.TryPeek(out var next) && next.Sequence <= _durable)
        {
            _waiting.Dequeue();
            Leave(next.To, next.Message);
        }

        if (_snapshot is { } snapshot && snapshot.Number <= _durable)
            _saves = Save(snapshot);
        if (_next.Count < MostWaiting / 2)
            TakeAgain();
        Depart();
        if (!IsOver)
            _teller!.Release(_durable);
    }

    /// <summary>Where they are made, so that each is counted once however many silos hear of it.</summary>
    private void Count(long trades)
    {
        if (trades == _tradesCounted)
            return;
        Services.Figures.CountTrades(trades - _tradesCounted);
        _tradesCounted = trades;
    }

    /// <summary>The state may hold inputs that are not durable yet: it is written once they are.</summary>
    private void TakeSnapshot()
    {
        var writer = new SnapshotWriter();
        Node.WriteSnapshot(writer);
        Market.Write(writer);
        _snapshot = new StreamState(Node.Sequence, writer.Written);
        if (_durable >= Node.Sequence)
            _saves = Save(_snapshot.Value);
    }

    private async Task Save(StreamState snapshot)
    {
        _snapshot = null;
        _isSaving = true;
        try
        {
            await Store.WriteState(Stream, _epoch, new StateWrite(snapshot));
            _saved = snapshot.Number;
            await Store.Trim(Stream, _epoch, snapshot.Number);
        }
        catch (Exception cause)
        {
            StepDown(cause.Message);
        }
        finally
        {
            _isSaving = false;
        }
    }
}

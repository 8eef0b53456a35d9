using Exchange.Core;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Feed;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Storage.Streams;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Accounts;

/// <summary>One account in a cluster, with its history. All rules are <see cref="AccountNode"/>'s, all that is shown <see cref="AccountFeed"/>'s.</summary>
/// <remarks>State and rows of the history are written in one cut, behind the orders' way; what it says does not wait for that where the protocol does not.</remarks>
[GrainType(GrainTypes.Account)]
[Reentrant]
[EngineSilos]
[Spread]
[Immovable]
public sealed partial class PositionGrain : NodeGrain, IPositionGrain, IAccountHost, IAccountObserver
{
    /// <summary>Among so many of the newest rows there is a checkpoint, if there are as many.</summary>
    private const int RowsBack = 4 * AccountFeed.CheckpointRows;
    private readonly AccountFeed _feed;
    private readonly RecordBatch _rows = new();
    private readonly Action<ReadOnlySpan<byte>> _addRow;
    private readonly ClientAnswers _answers;
    private OpenedStream? _opened;
    private ulong _lastRow;
    private Task _writes = Task.CompletedTask;

    public PositionGrain(NodeServices services)
        : base(services, NodeKind.Account)
    {
        Node = new AccountNode(this, Id.Key, observer: this);
        _feed = new AccountFeed(Id.Key, services.Options.Views);
        _addRow = _rows.Add;
        _answers = new ClientAnswers(Services.Replies);
    }

    internal AccountNode Node { get; }

    public MarketTable Market { get; private set; } = new();

    /// <summary>A call of an account never waits, so all that a thread calls have one: it would be most of what an account keeps.</summary>
    AccountOutput IAccountHost.Room => Services.AccountRoom;

    private protected override long NextTickMs => Node.NextTickMs;

    private protected override void Learn(NodeId client, string silo) => _answers.Learn(client, silo);

    public override void Send(NodeId to, NodeMessage message)
    {
        if (IsOver)
            return;
        if (message is RepliesMessage replies)
            _answers.Add(to, replies, _feed.Replies);
        else
            Leave(to, message, _answers.SiloOf(to));
    }

    void IAccountObserver.OnCommand(AccountNode account, in Command command, ulong token) => _feed.Note(in command, token);

    void IAccountObserver.OnInput(AccountNode account, AccountOutput output) => _feed.Tell(output, account.Link.Account, Market, account.TimeMs);

    /// <summary>Begins to write; while it does, the account goes on.</summary>
    void IAccountHost.WriteState(ulong number, ReadOnlySpan<byte> state)
    {
        _rows.Clear();
        _feed.TakeRows(_addRow);
        _writes = WriteState(new StateWrite(new StreamState(number, state.ToArray()), _lastRow, _rows));
    }

    private protected override void BeginTurn() => Market = Services.Board.Current;

    private protected override async Task Open(CancellationToken cancellation)
    {
        await Services.Board.Told.WaitAsync(cancellation);
        _opened = await Store.Open(Stream, cancellation);
        _lastRow = _opened.LastLogNumber;
        IReadOnlyList<StreamRecord> rows = await Store.ReadLogBackwards(Stream, ulong.MaxValue, RowsBack, cancellation);
        BeginTurn();
        _feed.Restore(rows.Reverse().Select(row => row.Bytes), Market);
        Node.Start(checked((uint)_opened.Epoch), _opened.State?.Bytes ?? default);
    }

    private protected override void Receive(NodeId from, NodeMessage message) => Node.Receive(from, message);

    private protected override void Tick() => Node.Tick();

    private protected override void Write()
    {
        if (_feed.Release())
            Wake(ref _news);
        Wake(ref _turned);
        _answers.Go();
    }

    private protected override void LetGo()
    {
        Wake(ref _news);
        Wake(ref _turned);
    }

    private protected override async Task WriteOut()
    {
        while (!_writes.IsCompleted)
            await _writes;
    }

    private async Task WriteState(StateWrite write)
    {
        try
        {
            await Store.WriteState(Stream, _opened!.Epoch, write);
            _lastRow = write.LastLogNumber;
        }
        catch (Exception cause)
        {
            // Refused, or nobody knows: what is durable only the next activation can tell.
            StepDown(cause.Message);
            return;
        }

        Do(write.State.Number, static (grain, number) =>
        {
            var self = (PositionGrain)grain;
            self._feed.OnWritten();
            self.Node.OnWritten(number);
        });
    }
}

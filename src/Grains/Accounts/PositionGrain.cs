using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Storage.Streams;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Accounts;

/// <summary>One account in a cluster. All rules are <see cref="AccountNode"/>'s.</summary>
/// <remarks>Its whole state is written as one, behind the orders' way; what it says does not wait for that where the protocol does not.</remarks>
[GrainType(GrainTypes.Account)]
[Reentrant]
[EngineSilos]
[Spread]
[Immovable]
public sealed class PositionGrain : NodeGrain, IPositionGrain, IAccountHost
{
    private readonly Dictionary<NodeId, string> _clients = [];
    private OpenedStream? _opened;

    public PositionGrain(NodeServices services)
        : base(services, NodeKind.Account) => Node = new AccountNode(this, Id.Key);

    internal AccountNode Node { get; }

    public MarketTable Market { get; private set; } = new();

    private protected override long NextTickMs => Node.NextTickMs;

    public ValueTask Ask(NodeBatch batch, string silo)
    {
        foreach (ref readonly NodeEnvelope envelope in batch.Envelopes)
            _clients[envelope.From] = silo;
        return Deliver(batch);
    }

    public override void Send(NodeId to, NodeMessage message)
    {
        if (!IsOver)
            Leave(to, message);
    }

    /// <summary>Begins to write; while it does, the account goes on.</summary>
    void IAccountHost.WriteState(ulong number, ReadOnlySpan<byte> state) => _ = WriteState(new StreamState(number, state.ToArray()));

    private protected override void BeginTurn() => Market = Services.Board.Current;

    private protected override async Task Open(CancellationToken cancellation)
    {
        _opened = await Store.Open(Stream, cancellation);
        BeginTurn();
        Node.Start(checked((uint)_opened.Epoch), _opened.State?.Bytes ?? default);
    }

    private protected override void Receive(NodeId from, NodeMessage message) => Node.Receive(from, message);

    private protected override void Tick() => Node.Tick();

    private protected override void Write()
    {
    }

    private protected override INodeReceiver? Find(NodeId node) => node.Kind != NodeKind.Client
        ? base.Find(node)
        : _clients.TryGetValue(node, out string? silo) ? GrainFactory.GetGrain<ISiloGrain>(silo) : null;

    private async Task WriteState(StreamState state)
    {
        try
        {
            await Store.WriteState(Stream, _opened!.Epoch, new StateWrite(state));
        }
        catch (Exception cause)
        {
            // Refused, or nobody knows: what is durable only the next activation can tell.
            StepDown(cause.Message);
            return;
        }

        Do(state.Number, static (grain, number) => ((PositionGrain)grain).Node.OnWritten(number));
    }
}

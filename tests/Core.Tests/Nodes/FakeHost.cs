using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Tests.Nodes;

/// <summary>A host whose store is always done at once; it remembers what its node wanted.</summary>
internal sealed class FakeHost : IJournalHost, IAccountHost
{
    private readonly MarketBoard _board = new();

    public long NowMs { get; set; } = 1_000_000;

    public List<byte[]> Records { get; } = [];

    public List<(NodeId To, NodeMessage Message)> Sent { get; } = [];

    public (ulong Number, byte[] State) Written { get; private set; }

    public string? SteppedDown { get; private set; }

    public MarketTable Market => _board.Current;

    public void Append(ReadOnlySpan<byte> record) => Records.Add(record.ToArray());

    public void Send(NodeId to, NodeMessage message) => Sent.Add((to, message));

    public void WriteState(ulong number, ReadOnlySpan<byte> state) => Written = (number, state.ToArray());

    public void StepDown(string why) => SteppedDown = why;

    public void Tell(NodeMessage message)
    {
        _board.Receive(message);
        _board.Publish(NowMs);
    }

    /// <summary>Messages of a kind since they were asked for last.</summary>
    public T[] Take<T>()
        where T : NodeMessage
    {
        T[] taken = [.. Sent.Select(sent => sent.Message).OfType<T>()];
        Sent.RemoveAll(sent => sent.Message is T);
        return taken;
    }
}

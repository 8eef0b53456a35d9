using System.Diagnostics;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Nodes;

/// <summary>Host of a node that only follows a journal: it is restored and replayed, and never acts.</summary>
public sealed class NoHost : IJournalHost
{
    public static readonly NoHost One = new();

    private NoHost()
    {
    }

    public long NowMs => 0;

    public void Send(NodeId to, NodeMessage message) => throw new UnreachableException($"A follower sends {message}.");

    public void StepDown(string why) => throw new UnreachableException(why);

    public void Append(ReadOnlySpan<byte> record) => throw new UnreachableException("A follower appends.");
}

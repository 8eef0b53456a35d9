using Exchange.Core.Accounts.Links;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Nodes;

/// <summary>What carries out what a node wants: a grain, or a simulated machine. It decides nothing.</summary>
/// <remarks>A node is entered by one call at a time, and its host is called only from within such a call.</remarks>
public interface INodeHost
{
    /// <summary>The host's clock, Unix ms. It may jump, back too: a node's own time never goes back.</summary>
    long NowMs { get; }

    /// <summary>Sends a message once everything this node has appended so far is durable.</summary>
    /// <remarks>
    /// Messages to one node leave in the order they were sent. They may be lost, repeated, late or overtaken, and are never changed
    /// once sent. To <see cref="NodeId.Boards"/>: to every host's table of marks.
    /// </remarks>
    void Send(NodeId to, NodeMessage message);

    /// <summary>Another activation of this node lives: nothing more may leave, and the object is to be forgotten.</summary>
    void StepDown(string why);
}

/// <summary>Host of a node whose inputs are journaled.</summary>
public interface IJournalHost : INodeHost
{
    /// <summary>Appends the next record of the node's stream; they count 1, 2, 3 …</summary>
    /// <param name="record">Valid during the call only.</param>
    void Append(ReadOnlySpan<byte> record);
}

/// <summary>Host of accounts.</summary>
public interface IAccountHost : INodeHost
{
    /// <summary>What is decided with now; it does not change while the account is called (<see cref="MarketBoard.Current"/>).</summary>
    MarketTable Market { get; }

    /// <summary>Room to work in while the account is called, of which other accounts' calls may make use before and after; null: it has its own.</summary>
    AccountOutput? Room => null;

    /// <summary>Writes the account as it is at this moment, in place of what was written before, and only under its epoch.</summary>
    /// <param name="number">Told back by <see cref="AccountNode.OnWritten"/> once it is durable; one write is under way at a time.</param>
    /// <param name="state">Valid during the call only.</param>
    void WriteState(ulong number, ReadOnlySpan<byte> state);
}

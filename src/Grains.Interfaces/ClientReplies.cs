using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;

namespace Exchange.Grains.Interfaces;

/// <summary>What an account answers clients of one silo: never changed once made.</summary>
/// <param name="replies">In the order they were made; the caller does not touch them again.</param>
public sealed class ReplyBatch(ClientReplies[] replies)
{
    public IReadOnlyList<ClientReplies> Replies => replies;
}

/// <summary>Answers of a node to one client.</summary>
/// <param name="Answers">As the protocol has them.</param>
/// <param name="Details">For each answer the order and the fills it speaks of; null: it was answered before, and these are to be read.</param>
public sealed record ClientReplies(NodeId Client, RepliesMessage Answers, CommandReply?[] Details);

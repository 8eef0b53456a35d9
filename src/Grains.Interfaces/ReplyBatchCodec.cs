using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>Answers between silos: the protocol's own form, and behind it what they speak of.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class ReplyBatchCodec : WireCodec<ReplyBatch>
{
    protected override void Write(ReplyBatch value, SnapshotWriter to)
    {
        to.Write(value.Replies.Count);
        foreach (ClientReplies replies in value.Replies)
            Write(replies, to);
    }

    protected override ReplyBatch Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new SnapshotReader(bytes);
        var replies = new ClientReplies[from.ReadCount(NodeMessageCodec.MostEnvelopes)];
        foreach (ref ClientReplies one in replies.AsSpan())
            one = Read(from);
        return new ReplyBatch(replies);
    }

    private static void Write(ClientReplies replies, SnapshotWriter to)
    {
        to.Write(replies.Client.Key);
        var answers = new SnapshotWriter(256);
        NodeMessageCodec.Encode(replies.Answers, answers);
        to.WriteStructs<byte>(answers.Written.Span);
        foreach (CommandReply? details in replies.Details)
        {
            to.Write(details is not null);
            if (details is not null)
                CommandReplyWire.Write(details, to);
        }
    }

    private static ClientReplies Read(SnapshotReader from)
    {
        NodeId client = NodeId.Client(from.ReadUInt32());
        var answers = (RepliesMessage)NodeMessageCodec.Decode(from.ReadStructs<byte>(from.Left));
        var details = new CommandReply?[answers.Answers.Length];
        foreach (ref CommandReply? one in details.AsSpan())
            one = from.ReadBool() ? CommandReplyWire.Read(from) : null;
        return new ClientReplies(client, answers, details);
    }
}

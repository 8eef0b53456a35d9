using System.Buffers;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>Answers between silos: the protocol's own form, and behind it what they speak of. Within a silo they are not touched at all.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class ReplyBatchCodec : IFieldCodec<ReplyBatch>, IDeepCopier<ReplyBatch>
{
    public ReplyBatch DeepCopy(ReplyBatch input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, ReplyBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        var bytes = new SnapshotWriter(1_024);
        bytes.Write(value!.Replies.Count);
        foreach (ClientReplies replies in value.Replies)
            Write(replies, bytes);
        WireBytes.Write(ref writer, fieldIdDelta, expectedType, typeof(ReplyBatch), bytes);
    }

    public ReplyBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<ReplyBatch, TInput>(ref reader, field)!;
        var bytes = new SnapshotReader(WireBytes.Read(ref reader, field));
        var replies = new ClientReplies[bytes.ReadCount(NodeMessageCodec.MostEnvelopes)];
        foreach (ref ClientReplies one in replies.AsSpan())
            one = Read(bytes);
        var batch = new ReplyBatch(replies);
        ReferenceCodec.RecordObject(reader.Session, batch);
        return batch;
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

using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Nodes;

public sealed class NodeMessageCodecTests
{
    private const int MostBytes = 4_096;
    private static readonly byte[][] Tokens = [[0], [0xff], [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], new byte[64]];

    [Fact]
    public void Every_kind_of_message_comes_back_as_it_was()
    {
        NodeMessage[] all = SampleMessages.All();

        Assert.All(all, message =>
        {
            byte[] bytes = Encode(message);
            NodeMessage read = NodeMessageCodec.Decode(bytes);

            Assert.Equal(bytes, Encode(read));
            if (NameIn(message) is { } name) // Nothing compares its text by itself.
                Assert.Equal(name, NameIn(read));
            else if (message is not InstrumentMessage) // Its settings say what was left open.
                Assert.Equivalent(message, read, strict: true);
        });
        Assert.Equal(Enum.GetValues<NodeMessageKind>().Where(kind => kind != NodeMessageKind.None), all.Select(message => message.Kind).Order());
    }

    [Fact]
    public void A_batch_of_a_link_keeps_order_and_addresses()
    {
        NodeEnvelope[] batch = [.. SampleMessages.All().Select((message, i) =>
            new NodeEnvelope(NodeId.Account((uint)i), NodeId.Book(i), message))];

        NodeEnvelope[] read = NodeMessageCodec.DecodeBatch(Encode(batch));

        Assert.Equal(batch.Select(envelope => (envelope.From, envelope.To)), read.Select(envelope => (envelope.From, envelope.To)));
        Assert.Equal(Encode(batch), Encode(read));
    }

    [Fact]
    public void Bytes_that_end_too_soon_or_too_late_are_refused()
    {
        Assert.All(SampleMessages.All(), message =>
        {
            byte[] good = Encode(message);

            for (int length = 0; length < good.Length; length++)
                Assert.Throws<NodeMessageException>(() => NodeMessageCodec.Decode(good.AsMemory(0, length)));
            Assert.Throws<NodeMessageException>(() => NodeMessageCodec.Decode((byte[])[.. good, 0]));
        });
    }

    [Fact]
    public void Another_version_is_refused_by_its_number()
    {
        byte[] bytes = Encode(new HelloMessage());
        bytes[0] = NodeMessageCodec.Version + 1;

        NodeMessageException refusal = Assert.Throws<NodeMessageException>(() => NodeMessageCodec.Decode(bytes));

        Assert.Contains($"version {NodeMessageCodec.Version + 1}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_lie_are_read_or_refused()
    {
        byte[] good = Encode([.. SampleMessages.All().Select(message => new NodeEnvelope(NodeId.Clearing, NodeId.Operator, message))]);
        byte[][] seeds = [.. SampleMessages.All().Select(Encode), good];
        int inputs = TestScale.Of(30_000, 3_000_000);

        int accepted = FuzzRun.Of(
            new Mutator(1, seeds, Tokens, MostBytes), inputs, 64 * MostBytes, bytes => Accepts(() => NodeMessageCodec.Decode(bytes)));
        int acceptedBatches = FuzzRun.Of(
            new Mutator(2, [good], Tokens, MostBytes), inputs, 64 * MostBytes, bytes => Accepts(() => NodeMessageCodec.DecodeBatch(bytes)));

        Assert.InRange(accepted, 1, inputs - 1);
        Assert.InRange(acceptedBatches, 1, inputs - 1);
    }

    private static string? NameIn(NodeMessage message) => message switch
    {
        CommandsMessage commands => commands.Commands[0].ClientId.Text(),
        BatchMessage batch => batch.ClientIds[0].Text(),
        RegisteredMessage registered => registered.Named[0].ClientId.Text(),
        _ => null,
    };

    private static bool Accepts(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (NodeMessageException)
        {
            return false;
        }
    }

    private static byte[] Encode(NodeMessage message)
    {
        var writer = new SnapshotWriter();
        NodeMessageCodec.Encode(message, writer);
        return writer.Written.ToArray();
    }

    private static byte[] Encode(NodeEnvelope[] batch)
    {
        var writer = new SnapshotWriter();
        NodeMessageCodec.Encode(batch, writer);
        return writer.Written.ToArray();
    }
}

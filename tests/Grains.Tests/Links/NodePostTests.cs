using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Grains.Silos;
using Exchange.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Grains.Tests.Links;

/// <summary>The post of real silos, to nodes that are not grains: what it does not know it calls, what it knows it brings.</summary>
public sealed class NodePostTests : IAsyncLifetime
{
    private const int Messages = 20_000;
    private static readonly NodeId Here = NodeId.Account(90_001);
    private static readonly NodeId There = NodeId.Account(90_002);
    private TestSilos _silos = null!;

    public async Task InitializeAsync() => _silos = await TestSilos.Start([SiloRole.All, SiloRole.All]);

    public Task DisposeAsync() => _silos.DisposeAsync().AsTask();

    [Fact]
    public async Task Messages_reach_a_node_of_another_silo_in_order_once_it_was_heard_of()
    {
        var there = new Reader(Post(1), There);
        await Hear(from: 1, There, to: 0, Here);

        for (ulong number = 1; number <= Messages; number++)
            Post(0).Send(Say(Here, There, number));

        await Condition.Holds(() => there.Read().Count == Messages);
        Assert.Equal(Enumerable.Range(1, Messages).Select(number => (ulong)number), there.Read());
    }

    [Fact]
    public async Task A_message_for_a_node_that_has_gone_is_called_to_where_its_grain_is()
    {
        var there = new Reader(Post(1), There);
        await Hear(from: 1, There, to: 0, Here);
        there.Close();
        Assert.False(_silos.IsActive<IPositionGrain>(There.Key));

        Post(0).Send(new NodeEnvelope(Here, There, new ReportTakenMessage(1)));

        await Condition.Holds(() => _silos.IsActive<IPositionGrain>(There.Key));
    }

    /// <summary>One of them lives in the silo of the client, which believes both to be in the other: from there it is passed on.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_is_only_passed_on_is_answered_where_it_comes_from(uint key)
    {
        var client = new Client();
        NodeId address = NodeId.Client(90_003);
        _silos.Services[0].GetRequiredService<SiloClients>().Add(address, client);
        await Hear(from: 1, NodeId.Account(key), to: 0, Here);

        Post(0).Send(new NodeEnvelope(address, NodeId.Account(key), new HelloMessage()));

        await Condition.Holds(() => client.Heard is SessionMessage);
    }

    /// <summary>From now on the one silo knows that the node lives in the other.</summary>
    private async Task Hear(int from, NodeId sender, int to, NodeId reader)
    {
        var heard = new Reader(Post(to), reader);
        string silo = SiloDirectory.KeyOf(_silos.AddressOf(from));
        await _silos.GrainsOf(from).GetGrain<ISiloGrain>(SiloDirectory.KeyOf(_silos.AddressOf(to)))
            .Deliver(new NodeBatch([Say(sender, reader, 1)], silo: silo));
        await Condition.Holds(() => heard.Read().Count == 1);
    }

    private NodePost Post(int silo) => _silos.Services[silo].GetRequiredService<NodePost>();

    private static NodeEnvelope Say(NodeId from, NodeId to, ulong number) => new(from, to, new ReportTakenMessage(number));

    private sealed class Client : ISiloClient
    {
        public volatile NodeMessage? Heard;

        public void Receive(NodeId from, NodeMessage message) => Heard = message;

        public void Receive(ClientReplies replies)
        {
        }

        public void Lose(NodeId to)
        {
        }
    }

    /// <summary>Reads what comes as soon as it does.</summary>
    private sealed class Reader
    {
        private readonly List<ulong> _read = [];
        private readonly NodePost _post;
        private readonly NodeId _node;
        private readonly NodeInbox _inbox;

        public Reader(NodePost post, NodeId node)
        {
            (_post, _node) = (post, node);
            _inbox = new NodeInbox(100_000, Take);
            post.Open(node, _inbox);
        }

        public List<ulong> Read()
        {
            lock (_read)
                return [.. _read];
        }

        public void Close() => _post.Close(_node, _inbox);

        private void Take()
        {
            lock (_read)
                _read.AddRange(_inbox.Take(out _).Select(mail => ((ReportTakenMessage)mail.Envelope.Message).Number));
        }
    }
}

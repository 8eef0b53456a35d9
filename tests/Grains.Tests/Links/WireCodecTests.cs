using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace Exchange.Grains.Tests.Links;

/// <summary>What travels between silos, by the codecs that Orleans finds for it.</summary>
public sealed class WireCodecTests : IDisposable
{
    private static readonly NodeEnvelope Said = new(NodeId.Account(3), NodeId.Book(1), new LeaveMessage(3, 2));

    private readonly ServiceProvider _orleans = Serializers();

    public void Dispose() => _orleans.Dispose();

    [Fact]
    public void A_batch_arrives_as_it_was_sent_with_its_trace_and_where_it_comes_from()
    {
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        NodeBatch arrived = Carry<NodeBatch, NodeBatchCodec>(new NodeBatch([Said, Said], trace, traced: 1, "S127.0.0.1:11111:7"));

        Assert.Equal([Said, Said], arrived.Envelopes);
        Assert.Equal((trace.TraceId, trace.SpanId, 1), (arrived.Trace.TraceId, arrived.Trace.SpanId, arrived.Traced));
        Assert.Equal("S127.0.0.1:11111:7", arrived.Silo);
    }

    [Fact]
    public void Answers_arrive_with_what_they_speak_of()
    {
        var answers = new RepliesMessage(3, 2, [new CommandAnswer(1, 77, RejectReason.None, false), new CommandAnswer(2, 0, RejectReason.UnknownOrder, false)]);
        var details = new CommandReply { Sequence = 12, IsRepeat = true };

        ReplyBatch arrived = Carry<ReplyBatch, ReplyBatchCodec>(new ReplyBatch([new ClientReplies(NodeId.Client(5), answers, [details, null])]));

        ClientReplies replies = Assert.Single(arrived.Replies);
        Assert.Equal(NodeId.Client(5), replies.Client);
        Assert.Equal(answers.Answers, replies.Answers.Answers);
        Assert.Equal(12UL, replies.Details[0]!.Sequence);
        Assert.Null(replies.Details[1]);
    }

    [Fact]
    public void News_of_an_account_arrive_with_where_to_go_on()
    {
        var happened = new OwnEvent(new FeedEvent { Kind = FeedKind.Balance, Amount = 7 }, null, new OwnCursor(3, 8));

        OwnNews arrived = Carry<OwnNews, OwnNewsCodec>(new OwnNews(CursorRefusal.None, new OwnCursor(3, 7), [happened], new OwnCursor(3, 8)));

        Assert.Equal(7, Assert.Single(arrived.Events).Happened.Amount);
        Assert.Equal(new OwnCursor(3, 8).ToString(), arrived.Next.ToString());
    }

    [Fact]
    public void Market_data_arrives_event_by_event()
    {
        var segment = new MarketSegment(4, 9, 1_000, 5, [new FeedEvent { Kind = FeedKind.Trade, Id = 1 }, new FeedEvent { Kind = FeedKind.Trade, Id = 2 }]);

        MarketBatch arrived = Carry<MarketBatch, MarketBatchCodec>(new MarketBatch(NodeId.Book(1), 6, [segment]));

        Assert.Equal([1UL, 2UL], Assert.Single(arrived.Segments).Events.Select(e => e.Id));
        Assert.Equal(9UL, arrived.Segments[0].Through);
    }

    [Fact]
    public void A_view_arrives_and_so_does_that_there_is_none()
    {
        Assert.Equal(7L, Carry<Told<long[]>, ToldCodec<long[]>>(new Told<long[]>([7])).Value.Single());
        Assert.Null(Carry<Told<OrderView?>, ToldCodec<OrderView?>>(new Told<OrderView?>(null)).Value);
    }

    /// <summary>As of a newer build, in a rolling upgrade.</summary>
    [Fact]
    public void What_is_of_another_version_is_refused_by_both_versions_names()
    {
        byte[] bytes = _orleans.GetRequiredService<Serializer<NodeBatch>>().SerializeToArray(new NodeBatch([Said]));
        int version = bytes.AsSpan().IndexOf([WireCodec.Version, (byte)0, NodeMessageCodec.Version]);
        bytes[version]++;

        NodeMessageException refusal = Assert.Throws<NodeMessageException>(() => _orleans.GetRequiredService<Serializer<NodeBatch>>().Deserialize(bytes));

        Assert.Equal("NodeBatch of version 2 is not known here, 1 is.", refusal.Message);
    }

    /// <summary>An account that ends is asked again by whoever sees that it is that.</summary>
    [Fact]
    public void A_failure_arrives_as_what_it_is()
    {
        var serializer = _orleans.GetRequiredService<Serializer<Exception>>();
        Exception[] failures = [new VenueStoppedException("This activation is over."), new StoreUnavailableException("no connection"), new NodeMessageException("No message.")];

        foreach (Exception failure in failures)
        {
            Exception arrived = serializer.Deserialize(serializer.SerializeToArray(failure))!;

            Assert.Equal((failure.GetType(), failure.Message), (arrived.GetType(), arrived.Message));
        }
    }

    private static ServiceProvider Serializers()
    {
        var services = new ServiceCollection();
        services.AddSerializer();
        services.AllowWireTypes();
        return services.BuildServiceProvider();
    }

    /// <summary>Through bytes and back, by the codec expected; a copy within a silo is the same object.</summary>
    private T Carry<T, TCodec>(T value)
        where T : class
    {
        Assert.IsType<TCodec>(_orleans.GetRequiredService<CodecProvider>().GetCodec<T>());
        Assert.Same(value, _orleans.GetRequiredService<DeepCopier<T>>().Copy(value));
        var serializer = _orleans.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(value))!;
    }
}

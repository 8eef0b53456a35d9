using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Streams;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

/// <summary>What waits for a client that does not read.</summary>
public sealed class StreamConnectionTests : IDisposable
{
    private readonly StalledSocket _socket = new();
    private readonly StreamConnection _stream;
    private bool _isCut;

    public StreamConnectionTests()
    {
        var options = new EdgeOptions { StreamQueueBytes = 65_536, StreamQueueMessages = 100 };
        _stream = new StreamConnection(_socket, new JsonMessages(new AnswerPool()), options, TimeProvider.System, () => _isCut = true);
    }

    public void Dispose() => _stream.Dispose();

    [Theory]
    [InlineData(2_000, 32)]
    [InlineData(10, 101)]
    public async Task A_client_that_falls_behind_its_queue_is_told_slow_consumer_and_what_waited_is_dropped(int bytes, int most)
    {
        var message = new byte[bytes];
        for (int i = 0; i < 200; i++)
            _stream.Send(message);

        _socket.Release();
        await _stream.Closed;

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "SLOW_CONSUMER"), _socket.Closed);
        Assert.Equal("SLOW_CONSUMER", (string?)JsonNode.Parse(_socket.Sent[^1])!["error"]!["code"]);
        Assert.InRange(_socket.Sent.Count, 2, most);
        Assert.False(_isCut);
    }

    [Fact]
    public async Task A_queue_that_is_empty_takes_a_message_of_any_size()
    {
        _socket.Release();
        _stream.Send(new byte[1_000_000]);
        _stream.Send("a"u8.ToArray());
        _stream.End(StreamEnd.ClientClosed);
        await _stream.Closed;

        Assert.Equal([1_000_000, 1], _socket.Sent.Select(text => text.Length));
    }

    [Fact]
    public async Task What_waits_for_a_client_that_closes_is_still_sent_in_order()
    {
        foreach (string text in (string[])["a", "b", "c"])
            _stream.Send(System.Text.Encoding.UTF8.GetBytes(text));
        _stream.End(StreamEnd.ClientClosed);
        _stream.Send("d"u8.ToArray());
        _socket.Release();
        await _stream.Closed;

        Assert.Equal(["a", "b", "c"], _socket.Sent);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, _socket.Closed!.Value.Status);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_to_the_end_is_cut()
    {
        using var cut = new SemaphoreSlim(0);
        using var stream = new StreamConnection(
            _socket, new JsonMessages(new AnswerPool()), new EdgeOptions(), TimeProvider.System, () => cut.Release());
        stream.Send("a"u8.ToArray());
        stream.End(StreamEnd.Flood);

        Assert.True(await cut.WaitAsync(TimeSpan.FromMinutes(1)));
    }
}

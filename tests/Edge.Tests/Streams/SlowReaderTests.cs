using System.Text.Json.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Streams;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

/// <summary>A book's changes for clients that do not keep up: merged, never lost, and no burden to others.</summary>
public sealed class SlowReaderTests : IDisposable
{
    private readonly EdgeOptions _options = new() { StreamBehindBytes = 4_096 };
    private readonly DepthMirror _mirror = new();
    private readonly Delivery _delivery = new();
    private readonly DepthChannel _channel;
    private readonly List<StreamConnection> _connections = [];
    private readonly Random _random = new(20260801);
    private long _nowMs;

    public SlowReaderTests()
    {
        _mirror.Seed(new DepthView(0, 10, 5, [new(300_000, 3), new(299_990, 7)], [new(300_010, 2)]));
        _channel = new DepthChannel(10, _mirror, TestInstruments.Btc(0), _delivery);
    }

    public void Dispose()
    {
        foreach (StreamConnection connection in _connections)
            connection.Dispose();
    }

    [Fact]
    public void One_that_falls_behind_gets_all_it_missed_in_one_delta_and_goes_on()
    {
        var slow = new StalledSocket();
        var quick = new StalledSocket();
        quick.Release();
        _channel.Add(Connect(slow), _nowMs);
        _channel.Add(Connect(quick), _nowMs);
        Change(windows: 500);
        int before = quick.Sent.Count;

        slow.Release();
        Change(windows: 3);

        Assert.Equal(before + 3, quick.Sent.Count);
        Assert.InRange(slow.Sent.Count, 5, 200);
        ClientBook told = BookOf(slow);
        Assert.Equal((long)_mirror.Number, told.Number);
        Assert.Equal(BookOf(quick).Levels, told.Levels);
        Assert.Equal(SnapshotNow().Levels, told.Levels);
    }

    [Fact]
    public void One_that_misses_more_than_is_remembered_gets_a_snapshot()
    {
        var slow = new StalledSocket();
        _channel.Add(Connect(slow), _nowMs);
        Change(windows: 100);
        for (long price = 1; price <= 20_000; price++)
            Apply(Side.Buy, price, 1, then: 0);

        slow.Release();
        Change(windows: 1);

        Assert.Equal("snapshot", (string?)JsonNode.Parse(slow.Sent[^1])!["type"]);
        Assert.Equal(SnapshotNow().Levels, BookOf(slow).Levels);
    }

    [Fact]
    public void One_that_is_behind_when_it_subscribes_gets_its_snapshot_when_it_has_caught_up()
    {
        var slow = new StalledSocket();
        StreamConnection connection = Connect(slow);
        connection.Send(new byte[5_000]);
        connection.Send(new byte[5_000]);
        _channel.Add(connection, _nowMs);
        Change(windows: 5);

        slow.Release();
        Change(windows: 1);

        Assert.Equal(3, slow.Sent.Count);
        Assert.Equal("snapshot", (string?)JsonNode.Parse(slow.Sent[^1])!["type"]);
    }

    [Fact]
    public void One_that_leaves_while_it_is_behind_gets_nothing_more()
    {
        var slow = new StalledSocket();
        StreamConnection connection = Connect(slow);
        _channel.Add(connection, _nowMs);
        Change(windows: 500);
        _channel.Remove(connection);
        slow.Release();
        int sent = slow.Sent.Count;

        Change(windows: 5);

        Assert.Equal(sent, slow.Sent.Count);
        Assert.True(_channel.IsEmpty);
    }

    [Fact]
    public void One_that_subscribes_over_and_over_gets_snapshots_at_a_bounded_rate()
    {
        var eager = new StalledSocket();
        eager.Release();
        StreamConnection connection = Connect(eager);
        for (int i = 0; i < 300; i++)
            _channel.Add(connection, _nowMs);
        Assert.Equal(200, eager.Sent.Count);

        Change(windows: 21);   // 210 ms: one more.

        Assert.Equal("snapshot", (string?)JsonNode.Parse(eager.Sent[200])!["type"]);
        Assert.Equal(SnapshotNow().Levels, BookOf(eager).Levels);
    }

    [Fact]
    public void What_waits_for_one_that_reads_nothing_is_bounded()
    {
        // Trades are never merged: they wait up to the bound, then the stream ends and what waited goes.
        var options = new EdgeOptions();
        var socket = new StalledSocket();
        StreamConnection connection = Connect(socket, options);
        long most = 0;
        for (int message = 0; message < 20_000; message++)
        {
            connection.Send(new byte[300]);
            most = Math.Max(most, connection.WaitingBytes);
        }

        Assert.InRange(most, options.StreamQueueBytes - 300, options.StreamQueueBytes);
        socket.Release();
        Assert.Equal(0, connection.WaitingBytes);
        Assert.InRange(socket.Sent.Count, 1, 2);   // The one it was taking, and why it was closed.
    }

    [Fact]
    public void Changes_since_any_number_turn_the_book_of_then_into_the_book_of_now()
    {
        var books = new List<(ulong Number, Dictionary<(Side, long), long> Levels)>();
        for (int i = 0; i < 300; i++)
        {
            books.Add((_mirror.Number, LevelsNow()));
            Apply((Side)_random.Next(2), 300_000 + _random.Next(20), _random.Next(3));
        }

        foreach ((ulong number, Dictionary<(Side, long), long> then) in books)
        {
            DepthChanges changes = _mirror.Since(number)!;
            foreach ((long price, long lots) in changes.Bids)
                then[(Side.Buy, price)] = lots;
            foreach ((long price, long lots) in changes.Asks)
                then[(Side.Sell, price)] = lots;
            Assert.Equal(LevelsNow(), then.Where(level => level.Value != 0).ToDictionary());
        }
    }

    private StreamConnection Connect(StalledSocket socket, EdgeOptions? options = null)
    {
        _connections.Add(new StreamConnection(socket, new JsonMessages(new AnswerPool()), options ?? _options, TimeProvider.System, () => { }));
        return _connections[^1];
    }

    private void Change(int windows)
    {
        for (int i = 0; i < windows; i++)
        {
            for (int change = 0; change < 5; change++)
                Apply((Side)_random.Next(2), 300_000 + _random.Next(50), _random.Next(4));
            _nowMs += 10;
            _channel.Flush(_nowMs);
            _delivery.Flush();
        }
    }

    private void Apply(Side side, long priceTicks, long lots, long? then = null)
    {
        foreach (long total in then is null ? new[] { lots } : [lots, then.Value])
        {
            var change = new FeedEvent { Kind = FeedKind.Level, Id = _mirror.Number + 1, Side = side, PriceTicks = priceTicks, Lots = total, TimeMs = 6 };
            _mirror.Apply(change);
            _channel.Gather(change, _nowMs);
        }
    }

    private Dictionary<(Side, long), long> LevelsNow() => new[] { Side.Buy, Side.Sell }
        .SelectMany(side => _mirror.Levels(side).Select(level => (Key: (side, level.PriceTicks), level.Lots)))
        .ToDictionary(level => level.Key, level => level.Lots);

    private ClientBook SnapshotNow()
    {
        var socket = new StalledSocket();
        socket.Release();
        var probe = new DepthChannel(0, _mirror, TestInstruments.Btc(0), _delivery);
        probe.Add(Connect(socket), _nowMs);
        return BookOf(socket);
    }

    private static ClientBook BookOf(StalledSocket socket)
    {
        var book = new ClientBook();
        foreach (string message in socket.Sent)
            book.Apply(JsonNode.Parse(message)!);
        return book;
    }
}

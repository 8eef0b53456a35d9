using System.Text.Json.Nodes;
using Exchange.Core.Port;
using Exchange.Edge.Native.Streams;
using Exchange.Edge.Tests.Support;
using Exchange.Protos;

namespace Exchange.Edge.Tests.Streams;

/// <summary>Going on after a lost connection: everything that was missed, once, or a clear word that it cannot be had.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private EdgeServer _server = null!;
    private long _emitted;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start(null, ("Edge:FeedQueueEvents", "4096"));
        _server.Exchange.Add(TestOrders.Resting(5));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Whenever_the_connection_is_lost_every_event_comes_once_and_in_order()
    {
        var random = new Random(20260801);
        var seen = new List<long>();
        string? cursor = await CursorNow("balances");
        for (int connection = 0; connection < 20; connection++)
        {
            Emit(random.Next(5), account: 8);
            Emit(random.Next(10), account: 7);
            using StreamClient client = await LoggedOn();
            await client.Resume(cursor, "balances");
            Emit(random.Next(10), account: 7);
            Emit(1, account: 8);
            int missing = (int)(_emitted - seen.Count);

            // The client reads some of it, and is gone.
            for (int reads = random.Next(missing + 1); reads > 0; reads--)
            {
                JsonNode message = (await client.Receive())!;
                seen.Add(long.Parse((string)message["sequence"]!));
                cursor = (string?)message["cursor"];
            }
        }

        using StreamClient last = await LoggedOn();
        await last.Resume(cursor, "balances");
        while (seen.Count < _emitted)
            seen.Add(long.Parse((string)(await last.Receive())!["sequence"]!));
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(number => (long)number), seen);
    }

    [Fact]
    public async Task Only_the_channels_asked_for_are_told_again()
    {
        string? cursor = await CursorNow("orders", "positions", "balances");
        _server.Exchange.Emit(
            new FeedEvent { Kind = FeedKind.Balance, Account = 7, Sequence = 1 },
            new FeedEvent { Kind = FeedKind.OrderAccepted, Account = 7, Id = 5, Sequence = 2 },
            new FeedEvent { Kind = FeedKind.Position, Account = 7, Sequence = 3 },
            new FeedEvent { Kind = FeedKind.Fill, Account = 7, Id = 5, Sequence = 4 });

        using StreamClient client = await LoggedOn();
        await client.Resume(cursor, "orders", "positions");

        foreach (string sequence in (string[])["2", "3", "4"])
            Assert.Equal(sequence, (string?)(await client.Receive())!["sequence"]);
    }

    [Fact]
    public async Task What_is_forgotten_cannot_be_resumed_but_a_quiet_account_can()
    {
        string? mine = await CursorNow("balances");
        Emit(1, account: 7);
        string? mineAfterIt = await CursorNow("balances");
        Emit(2_000, account: 8);

        using StreamClient client = await LoggedOn();
        Assert.Equal("CURSOR_TOO_OLD", await client.RefusedToResume(mine, "balances"));
        await client.Resume(mineAfterIt, "balances");
        Emit(1, account: 7);
        Assert.Equal("2", (string?)(await client.Receive())!["sequence"]);
    }

    [Fact]
    public async Task More_than_a_thousand_missed_events_are_not_told_again()
    {
        string? cursor = await CursorNow("balances");
        Emit(1_001, account: 7);

        using StreamClient client = await LoggedOn();
        Assert.Equal("CURSOR_TOO_OLD", await client.RefusedToResume(cursor, "balances"));
    }

    [Fact]
    public async Task An_order_that_is_not_kept_any_more_cannot_be_told_again()
    {
        string? cursor = await CursorNow("orders");
        _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.OrderUpdated, Account = 7, Id = 99 });

        using StreamClient client = await LoggedOn();
        Assert.Equal("CURSOR_TOO_OLD", await client.RefusedToResume(cursor, "orders"));
    }

    [Fact]
    public async Task An_order_that_cannot_be_told_resets_the_stream_instead_of_leaving_a_gap()
    {
        using StreamClient client = await LoggedOn();
        await client.Subscribe("orders");

        _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.OrderUpdated, Account = 7, Id = 99 });

        Assert.Equal("STREAM_RESET", (string?)(await client.ReceiveLast())!["error"]!["code"]);
    }

    [Fact]
    public async Task A_cursor_of_another_server_is_too_old_and_one_from_before_a_reset_is_not()
    {
        string? cursor = await CursorNow("balances");
        await using EdgeServer other = await EdgeServer.Start();
        using StreamClient elsewhere = await StreamClient.Connect(other);
        await elsewhere.LogOn(other.TraderToken);
        Assert.Equal("CURSOR_TOO_OLD", await elsewhere.RefusedToResume(cursor, "balances"));

        using StreamClient reset = await LoggedOn();
        await reset.Subscribe("balances", "ticker@BTCUSDT");
        _server.Exchange.Emit([.. Enumerable.Repeat(new FeedEvent { Kind = FeedKind.Mark }, 4_097)]);
        Assert.Equal("STREAM_RESET", (string?)(await reset.ReceiveLast())!["error"]!["code"]);
        Emit(1, account: 7);
        using StreamClient client = await LoggedOn();
        await client.Resume(cursor, "balances");
        Assert.Equal("1", (string?)(await client.Receive())!["sequence"]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    [InlineData("\\u0000")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        using StreamClient client = await LoggedOn();

        Assert.Contains(await client.RefusedToResume(cursor, "balances"), (string[])["BAD_CURSOR", "CURSOR_TOO_OLD"]);
    }

    [Fact]
    public async Task A_cursor_of_what_has_not_happened_is_refused()
    {
        Assert.True(OwnCursor.TryParse(await CursorNow("balances"), out OwnCursor now));
        using StreamClient client = await LoggedOn();

        Assert.Equal("BAD_CURSOR", await client.RefusedToResume(new OwnCursor(now.Count, now.Number + 1).ToString(), "balances"));
    }

    [Fact]
    public async Task Events_that_come_before_the_venue_has_answered_follow_its_answer_and_what_was_missed()
    {
        string? cursor = await CursorNow("balances");
        Emit(2, account: 7);
        using StreamClient client = await LoggedOn();
        var held = _server.Exchange.HeldSubscription = new TaskCompletionSource();
        Task<JsonNode> answer = client.Ask(StreamClient.Subscription(["balances"], cursor));
        while (_server.Exchange.OwnSubscriptions < 2)
            await Task.Yield();
        Emit(2, account: 7);
        held.SetResult();

        Assert.Equal(cursor, (string?)(await answer)["cursor"]);
        foreach (string sequence in (string[])["1", "2", "3", "4"])
            Assert.Equal(sequence, (string?)(await client.Receive())!["sequence"]);
    }

    [Fact]
    public async Task A_stream_resumes_once()
    {
        string? cursor = await CursorNow("balances");
        using StreamClient client = await LoggedOn();
        await client.Resume(cursor, "balances");

        Assert.Equal("ALREADY_RESUMED", await client.RefusedToResume(cursor, "orders"));
    }

    [Fact]
    public async Task Protobuf_resumes_as_JSON_does()
    {
        string? cursor = await CursorNow("balances");
        Emit(2, account: 7);
        using ProtobufClient client = await ProtobufClient.Connect(_server);
        await client.LogOn(_server.TraderToken);

        ServerMessage answer = await client.Ask(new ClientMessage { Id = 1, Subscribe = new Subscribe { Channels = { "balances" }, Cursor = cursor } });
        Assert.Equal(cursor, answer.Done.Cursor);
        OwnBalance first = (await client.Receive())!.OwnBalance;
        OwnBalance second = (await client.Receive())!.OwnBalance;
        Assert.Equal((1ul, 2ul), (first.Sequence, second.Sequence));
        Assert.NotEqual(first.Cursor, second.Cursor);
    }

    private async Task<StreamClient> LoggedOn()
    {
        StreamClient client = await StreamClient.Connect(_server);
        await client.LogOn(_server.TraderToken);
        return client;
    }

    private async Task<string?> CursorNow(params string[] channels)
    {
        using StreamClient client = await LoggedOn();
        return await client.Subscribe(channels);
    }

    /// <summary>Changes of the wallet; those of account 7 are numbered 1, 2, 3 …</summary>
    private void Emit(int count, uint account)
    {
        for (int i = 0; i < count; i++)
        {
            ulong sequence = account == 7 ? (ulong)++_emitted : 0;
            _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.Balance, Account = account, Sequence = sequence });
        }
    }
}

using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Authentication;

/// <summary>What an earlier run of the server took is not taken again by the next (S9), though it forgot the signatures.</summary>
public sealed class ReplayAfterRestartTests : IDisposable
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";
    private const string NewKey = """{"permissions":["read"]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The order was journaled at 5 s; the signature may have been stamped up to a second later. The clock starts at 4 s: it was set back.
    [Theory]
    [InlineData(4_500, "401 STALE_TIMESTAMP")]
    [InlineData(5_000, "401 STALE_TIMESTAMP")]
    [InlineData(6_000, "401 STALE_TIMESTAMP")]
    [InlineData(6_001, "201")]
    public async Task What_could_have_been_taken_before_the_last_input_is_refused(long stampMs, string expected)
    {
        await using EdgeServer server = await EdgeServer.Over(
            new FakeExchange { RecoveredTimeMs = ManualTime.StartMs + 5_000 }, new ManualTime { NowMs = ManualTime.StartMs + 4_000 });
        server.Time.NowMs = ManualTime.StartMs + 6_100;

        Reply reply = await server.Signed("POST", "/api/v1/orders", Order, signing: new() { Timestamp = $"{ManualTime.StartMs + stampMs}" });

        Assert.Equal(expected, reply.Code == 201 ? "201" : reply.Refusal);
    }

    [Fact]
    public async Task A_key_made_ahead_of_the_clock_is_not_made_again_by_a_repeat_after_the_fastest_of_restarts()
    {
        ApiKey trader;
        var signing = new Signing { Timestamp = $"{ManualTime.StartMs + 1_000}" };
        await using (EdgeServer first = await EdgeServer.Start(_folder))
        {
            trader = first.Trader;
            Assert.Equal(201, (await first.Signed("POST", "/api/v1/keys", NewKey, trader, signing)).Code);
        }

        await using EdgeServer second = await EdgeServer.Start(_folder);

        Assert.Equal("401 STALE_TIMESTAMP", (await second.Signed("POST", "/api/v1/keys", NewKey, trader, signing)).Refusal);
        second.Time.Advance(1_001);
        Assert.Equal("401 STALE_TIMESTAMP", (await second.Signed("POST", "/api/v1/keys", NewKey, trader, signing)).Refusal);
        Assert.Equal(201, (await second.Signed("POST", "/api/v1/keys", NewKey, trader)).Code);
    }

    [Fact]
    public async Task A_log_on_ahead_of_the_clock_waits_for_its_time()
    {
        await using EdgeServer server = await EdgeServer.Start();
        using StreamClient stream = await StreamClient.Connect(server);
        string stamp = $"{server.Time.NowMs + 300}";
        string signature = Signing.Of(server.Trader.RevealSecret(), stamp, "GET", "/api/v1/stream", []);

        long started = TimeProvider.System.GetTimestamp();
        string answer = (await stream.Ask($$"""{"id":1,"op":"authenticate","key":"{{server.Trader.KeyId}}","timestamp":{{stamp}},"signature":"{{signature}}"}""")).ToJsonString();

        Assert.Equal("""{"id":1,"ok":true}""", answer);
        Assert.True(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds >= 290);
    }
}

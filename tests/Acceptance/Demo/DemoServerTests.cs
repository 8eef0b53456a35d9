using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Demo;

/// <summary>The server with <c>--demo</c>, as a newcomer starts it.</summary>
public sealed class DemoServerTests
{
    private static readonly ServerSettings WithDemo = new() { Arguments = ["--demo"] };

    [Fact]
    public async Task A_newcomer_trades_at_once_stops_it_and_finds_the_market_again()
    {
        using var folder = new DataFolder();
        await using (ServerProcess server = await ServerProcess.Start(folder, WithDemo))
        {
            Assert.Contains("A demo market runs on BTCUSDT and ETHUSDT, seed 1", server.Output, StringComparison.Ordinal);
            using ApiClient alice = server.As("alice");
            Assert.Equal("filled", (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.01"}""")).Required(201)["status"]);
            Assert.Equal("new", (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"45000","qty":"0.01"}""")).Required(201)["status"]);
            Assert.Equal(0, await server.Stop());
        }

        await using ServerProcess again = await ServerProcess.Start(folder, WithDemo);
        using ApiClient bob = again.As("bob");
        Assert.Equal("filled", (await bob.Place("""{"symbol":"ETHUSDT","side":"sell","type":"market","qty":"0.1"}""")).Required(201)["status"]);
        using ApiClient client = again.As("alice");
        Assert.Contains("\"price\":\"45000\"", (await client.Get("/api/v1/orders?status=open")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The demo market stopped", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_Development_it_is_refused_and_says_why()
    {
        using var folder = new DataFolder();
        (int exitCode, string output) = await ServerProcess.Refuse(folder, WithDemo with { Environment = "Production" });
        Assert.Equal(2, exitCode);
        Assert.Contains("The demo market (--demo) runs in Development only", output, StringComparison.Ordinal);
    }
}

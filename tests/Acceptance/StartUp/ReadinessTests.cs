using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.StartUp;

/// <summary>What a start tells an orchestrator and a collector of logs.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly DataFolder _temporary = new();

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task A_server_warms_up_without_touching_its_venue_and_leaves_nothing_behind()
    {
        await using ServerProcess server = await ServerProcess.Start(
            _folder, new ServerSettings { WarmsUp = true, Variables = new Dictionary<string, string?> { ["TMPDIR"] = _temporary.Path } });
        using ApiClient anyone = server.Anonymous();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        ApiReply ready = await anyone.Get("/health/ready");
        while (ready.Status != 200)
        {
            Assert.Equal("503 NOT_READY", ready.Refusal);
            ready = await anyone.Get("/health/ready");
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Empty(Directory.GetFileSystemEntries(_temporary.Path, "exchange-warm-up-*"));
        using ApiClient alice = server.As("alice");
        ApiReply first = (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""")).Required(201);
        Assert.Equal("1", first["orderId"]);
        Assert.Equal(0, await server.Stop());
    }

    [Fact]
    public async Task Logs_are_json_when_a_setting_says_so_and_hold_no_secret()
    {
        var settings = new ServerSettings { Arguments = ["--Logging:Console:FormatterName=json"] };
        await using ChildProcess server = ServerProcess.Launch(_folder, settings);
        await server.WaitForOutput(output => output.Contains("Exchange listens on", StringComparison.Ordinal));
        server.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await server.WaitForExit());

        string[] lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        foreach (DemoKey key in DemoKeys.Of(_folder).Values)
            Assert.DoesNotContain(key.Secret, server.Output, StringComparison.Ordinal);
    }
}

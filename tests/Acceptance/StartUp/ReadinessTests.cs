using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Disks;
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

    [SkippableFact]
    public async Task While_a_venue_is_long_in_opening_its_address_says_alive_and_not_ready()
    {
        using FaultyDisk disk = FaultyDisk.Create();
        disk.Stall();
        int port = FreePort();
        await using ChildProcess server = ServerProcess.Launch(_folder, disk.Settings with { Url = $"http://127.0.0.1:{port}" });
        using var anyone = new ApiClient(new Uri($"http://127.0.0.1:{port}"), null);
        Assert.Equal(200, (await AnswerOf(anyone, "/health/live")).Status);

        Assert.Equal("503 NOT_READY", (await anyone.Get("/health/ready")).Refusal);
        Assert.Equal("503 NOT_READY", (await anyone.Place("{}")).Refusal);
        Assert.DoesNotContain("Exchange listens on", server.Output, StringComparison.Ordinal);

        disk.GoOn();
        await ServerProcess.WaitUntilItListens(server);
        Assert.Equal(200, (await AnswerOf(anyone, "/health/live")).Status);
        Assert.Equal("401 CREDENTIALS_MISSING", (await anyone.Place("{}")).Refusal);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks until somebody listens.</summary>
    private static async Task<ApiReply> AnswerOf(ApiClient client, string target)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return await client.Get(target);
            }
            catch (HttpRequestException)
            {
                await pause.WaitForNextTickAsync(patience.Token);
            }
        }
    }
}

using System.Text.RegularExpressions;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Exchange.Edge.Tests.Support;

namespace Exchange.Acceptance.StartUp;

/// <summary>What a start finds, and what a stop leaves.</summary>
public sealed partial class RestartTests : IDisposable
{
    private const string Order = """{"clientOrderId":"mine","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task An_orderly_stop_leaves_a_snapshot_and_the_next_start_replays_nothing(int signal)
    {
        string before;
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            before = await Trade(server);
            server.Signal(signal);
            Assert.Equal(0, await server.WaitForExit());
        }

        Assert.Single(_folder.Snapshots());
        await using ServerProcess again = await ServerProcess.Start(_folder);
        Assert.Equal(0, Replayed(again));
        Assert.Equal(before, await State(again));
    }

    [Fact]
    public async Task A_kill_leaves_no_snapshot_and_the_next_start_replays_the_journal_to_the_same_state()
    {
        string before;
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            before = await Trade(server);
            await server.Kill();
        }

        Assert.Empty(_folder.Snapshots());
        await using ServerProcess again = await ServerProcess.Start(_folder);
        Assert.True(Replayed(again) > 0);
        Assert.Equal(before, await State(again));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_told_and_the_journal_behind_it_replayed()
    {
        string before;
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            before = await Trade(server);
            await server.Stop();
        }

        string snapshot = Assert.Single(_folder.Snapshots());
        byte[] bytes = File.ReadAllBytes(snapshot);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(snapshot, bytes);

        await using ServerProcess again = await ServerProcess.Start(_folder);
        Assert.Contains($"Passed over: {snapshot}", again.Output, StringComparison.Ordinal);
        Assert.True(Replayed(again) > 0);
        Assert.Equal(before, await State(again));
    }

    [Fact]
    public async Task A_signed_request_from_before_a_restart_is_refused_however_wide_its_window_and_far_ahead_its_stamp()
    {
        DemoKey alice;
        string timestamp;
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            alice = DemoKeys.Of(_folder)["alice"];
            timestamp = $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 990}";
            Assert.StartsWith("HTTP/1.1 201 ", await SendSigned(server, alice, timestamp), StringComparison.Ordinal);
            await server.Kill();
        }

        await using ServerProcess again = await ServerProcess.Start(_folder);
        Assert.Contains("\"code\":\"STALE_TIMESTAMP\"", await SendSigned(again, alice, timestamp), StringComparison.Ordinal);
    }

    /// <summary>Killed at one step after another, until a start gets through: the next one carries on where it was.</summary>
    [Fact]
    public async Task A_first_start_that_was_killed_half_way_is_carried_on()
    {
        for (int step = 1; step <= TestScale.Of(12, 40); step += TestScale.Of(4, 1))
        {
            using var folder = new DataFolder();
            await KillAtStep(folder, step);

            await using ServerProcess server = await ServerProcess.Start(folder);

            using ApiClient bob = server.As("bob");
            Assert.Equal("100000", (await bob.Get("/api/v1/account")).Required()["walletBalance"]);
            using ApiClient alice = server.As("alice");
            (await alice.Place(Order)).Required(201);
            Assert.Equal(2, (await alice.Get("/api/v1/instruments")).Json.GetProperty("instruments").GetArrayLength());
        }
    }

    [Fact]
    public async Task Development_without_a_folder_lives_in_data_below_the_folder_it_is_started_in()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, new ServerSettings { NamesFolder = false });

        Assert.True(File.Exists(_folder.File("data/journal.head")));
        Assert.True(File.Exists(_folder.File("data/demo-keys.json")));
    }

    /// <summary>Steps are changes in the folder: files made, written, renamed.</summary>
    private static async Task KillAtStep(DataFolder folder, int step)
    {
        int left = step;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Count()
        {
            if (Interlocked.Decrement(ref left) == 0)
                reached.SetResult();
        }

        using var watcher = new FileSystemWatcher(folder.Path);
        watcher.Created += (_, _) => Count();
        watcher.Renamed += (_, _) => Count();
        watcher.Deleted += (_, _) => Count();
        watcher.EnableRaisingEvents = true;
        await using ChildProcess process = ServerProcess.Launch(folder);
        await Task.WhenAny(reached.Task, ServerProcess.WaitUntilItListens(process));
        process.Signal(ProcessSignal.Kill);
        await process.WaitForExit();
    }

    private static async Task<string> SendSigned(ServerProcess server, DemoKey key, string timestamp)
    {
        string signature = Signed.Signature(key.Secret, timestamp, "POST", "/api/v1/orders", Order);
        using var raw = new RawConnection(server.Address);
        await raw.Write(
            $"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Key: {key.Key}\r\nX-Timestamp: {timestamp}\r\n"
            + $"X-Signature: {signature}\r\nX-Recv-Window: 60000\r\nContent-Type: application/json\r\nContent-Length: {Order.Length}\r\n\r\n{Order}");
        return await raw.ReadToEnd();
    }

    private static async Task<string> Trade(ServerProcess server)
    {
        using ApiClient alice = server.As("alice");
        using ApiClient bob = server.As("bob");
        (await alice.Place(Order)).Required(201);
        (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.004"}""")).Required(201);
        return await State(server);
    }

    /// <summary>All that the two accounts can see of their own, and the book.</summary>
    private static async Task<string> State(ServerProcess server)
    {
        List<string> seen = [];
        foreach (string name in (string[])["alice", "bob"])
        {
            using ApiClient client = server.As(name);
            foreach (string target in (string[])["account", "orders", "fills", "orders?status=open", "trades/BTCUSDT"])
                seen.Add((await client.Get($"/api/v1/{target}")).Required().Text);
            seen.Add((await client.Get("/api/v1/orderbook/BTCUSDT")).Required().Json.GetProperty("bids").GetRawText());
        }

        return string.Join('\n', seen);
    }

    private static int Replayed(ServerProcess server) => int.Parse(Recovered().Match(server.Output).Groups["records"].Value);

    [GeneratedRegex(@"^Recovered to record \d+; (?<records>\d+) replayed from the journal\.$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Recovered();
}

using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Xunit.Abstractions;

namespace Exchange.Acceptance.KillLoop;

/// <summary>kill -9 of the real server under load, again and again: what it acknowledged it still knows, and nothing is there twice.</summary>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private const int Accounts = 6;
    private const decimal FundsUsdt = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Random _random = new();
    private readonly Dictionary<string, long> _trades = [];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_done_twice()
    {
        int rounds = TestScale.Of(5, 200);
        int answered = 0, found = 0, absent = 0, told = 0, untold = 0;
        using var folder = new DataFolder();
        (List<TradingClient> clients, string funding) = await FirstStart(folder);

        for (int round = 1; round <= rounds; round++)
        {
            (int answers, List<OwnFollower> followers) = await TradeAndKill(folder, clients);
            if (round % 2 == 0)
                await KillWhileItRecovers(folder);

            await using ServerProcess server = await ServerProcess.Start(folder);
            foreach (TradingClient client in clients)
                await client.LogOn(server.Address);
            untold += await ExpectStreamsToGoOn(server, clients, followers);
            (answered, told) = (answered + answers, told + followers.Sum(follower => follower.Told));
            var after = new AfterTheKill(server.Address, clients) { IsFunded = await NextFundingMs(server) != funding };
            await after.Check(_trades);
            // Now and then a snapshot, so that a start restores one and replays what came behind it.
            await (round % 3 == 0 ? server.Stop() : server.Kill());
            (found, absent) = (found + after.Found, absent + after.Absent);
        }

        output.WriteLine(
            $"{rounds} kills under load, {rounds / 2} more while recovering; {answered} requests answered, {_trades.Values.Sum()} trades; "
            + $"of the orders without an answer {found} were there and {absent} were not; "
            + $"streams told {told} events, and {untold} more that were under way.");
        await ExpectAnIntactFolder(folder);
    }

    private async Task<(List<TradingClient> Clients, string NextFundingMs)> FirstStart(DataFolder folder)
    {
        await using ServerProcess server = await ServerProcess.Start(folder);
        string adminToken = DemoKeys.Of(folder)["admin"].Token;
        List<TradingClient> clients = [];
        for (uint account = 11; account < 11 + Accounts; account++)
            clients.Add(await Open(server, account, adminToken));
        string funding = await NextFundingMs(server);
        await server.Kill();
        return (clients, funding);
    }

    private static async Task<string> NextFundingMs(ServerProcess server)
    {
        using ApiClient http = server.Anonymous();
        return (await http.Get("/api/v1/tickers/BTCUSDT")).Required()["nextFundingMs"];
    }

    /// <summary>An account with money, and a key that outlives restarts.</summary>
    private async Task<TradingClient> Open(ServerProcess server, uint account, string adminToken)
    {
        using ApiClient admin = server.As("admin");
        (await admin.Post("/api/v1/admin/accounts", $"{{\"accountId\":\"{account}\"}}")).Required(201);
        (await admin.Post("/api/v1/admin/deposits", $"{{\"accountId\":\"{account}\",\"transferId\":\"first\",\"amount\":\"{FundsUsdt}\"}}")).Required();
        ApiReply key = (await admin.Post($"/api/v1/admin/accounts/{account}/keys", """{"permissions":["read","trade"]}""")).Required(201);
        return new TradingClient(account, key["keyId"], key["secret"], adminToken, new Random(_random.Next())) { Deposited = FundsUsdt };
    }

    /// <summary>Lets all clients trade and kills the server in the middle; the moment is drawn in answered requests.</summary>
    private async Task<(int Answers, List<OwnFollower> Followers)> TradeAndKill(DataFolder folder, List<TradingClient> clients)
    {
        await using ServerProcess server = await ServerProcess.Start(folder);
        foreach (TradingClient client in clients)
        {
            client.BeginRound();
            await client.LogOn(server.Address);
        }

        List<OwnFollower> followers = [];
        foreach (TradingClient client in clients)
            followers.Add(await OwnFollower.Begin(await client.OpenStream(server.Address)));
        int left = _random.Next(50, 600);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] trading = [.. clients.Select(client => Task.Run(() => client.TradeUntilItDies(server.Address, () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
                enough.SetResult();
        })))];
        Task ended = await Task.WhenAny(enough.Task, Task.WhenAll(trading)).WaitAsync(Patience);
        Assert.True(ended == enough.Task, $"The server went away by itself:\n{server.Output}");
        await server.Kill();
        await Task.WhenAll(trading).WaitAsync(Patience);
        foreach (OwnFollower follower in followers)
            await follower.End().WaitAsync(Patience);
        return (clients.Sum(client => client.Answered), followers);
    }

    /// <summary>Each goes on from the last cursor it was given, whoever was killed meanwhile.</summary>
    private static async Task<int> ExpectStreamsToGoOn(ServerProcess server, List<TradingClient> clients, List<OwnFollower> followers)
    {
        int untold = 0;
        for (int i = 0; i < clients.Count; i++)
        {
            TradingClient client = clients[i];
            untold += await followers[i].ExpectToGoOn(() => client.OpenStream(server.Address));
            followers[i].Dispose();
        }

        return untold;
    }

    /// <summary>Kills a starting server as soon as it has begun to write to its folder.</summary>
    private static async Task KillWhileItRecovers(DataFolder folder)
    {
        using var watcher = new FileSystemWatcher(folder.Path);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Changed += (_, _) => written.TrySetResult();
        watcher.Created += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await using ChildProcess process = ServerProcess.Launch(folder);
        await written.Task.WaitAsync(Patience);
        process.Signal(ProcessSignal.Kill);
        await process.WaitForExit();
    }

    /// <summary>The command line carries out the whole journal again and compares.</summary>
    private async Task ExpectAnIntactFolder(DataFolder folder)
    {
        await using ChildProcess verify = CommandLine.Start(folder, "verify", folder.Path);
        int exitCode = await verify.WaitForExit();
        output.WriteLine(verify.Output);
        Assert.True(exitCode == 0, verify.Output);
    }
}

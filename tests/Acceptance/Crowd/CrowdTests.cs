using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Exchange.Acceptance.Processes;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Crowd;

/// <summary>Two thousand subscribers, some of whom misbehave (S13, S15, S16, F27): the others do not notice, and memory stays bounded.</summary>
public sealed partial class CrowdTests(ITestOutputHelper output)
{
    private const string Symbol = "CROWDUSDT";
    private const int LevelsOfAMaker = 1_000;
    private const string Terms = """
        "maxOrders":1010,"tickSize":"0.1","lotSize":"0.001","makerFee":"0.0002","takerFee":"0.0005","liquidationFee":"0.0125","bandUp":"1.05","bandDown":"0.95",
        "marketBound":"0.02","minQty":"0.001","maxQty":"1000","minNotional":"5","maxPrice":"1000000","fixedIndex":"50000",
        "brackets":[{"cap":"1000000000","maxLeverage":20,"maintenanceRate":"0.01"}]
        """;

    private const double LargestRatio = 1.5;
    private const long LargestStreamBytes = 3 * 1_024 * 1_024 / 2;
    private const long SlackBytes = 256L * 1_024 * 1_024;
    private static readonly int Subscribers = TestScale.Of(200, 2_000);
    private static readonly int NeverRead = TestScale.Of(5, 50);
    private static readonly int Slow = TestScale.Of(5, 50);
    private static readonly int Garbage = TestScale.Of(3, 20);
    private static readonly int Drop = TestScale.Of(2, 20);
    private static readonly int Windows = TestScale.Of(1, 7);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(TestScale.Of(1, 4));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TradeEvery = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Subscribers_that_misbehave_are_let_go_and_slow_nobody_down()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder, new ServerSettings
        {
            WarmsUp = TestScale.IsLong,
            Arguments = ["--Edge:StreamBehindMs=2000", "--Edge:StreamPingMs=600000"],
        });
        ApiClient[] clients = await Open(server, 3);
        (ApiClient maker, ApiClient taker, ApiClient trader) = (clients[0], clients[1], clients[2]);
        using var over = new CancellationTokenSource();
        List<CrowdSocket> crowd = [];
        try
        {
            await DeepenBook(maker, taker);
            Task<long>[] reading = await Gather(server, crowd, over.Token);
            Task market = Task.Run(() => RunMarket(maker, taker, over.Token));
            long residentBytes = server.MemoryBytes("VmRSS:");

            (double without, double with) = await Measure(server, trader, over.Token);

            Assert.All(reading, stream => Assert.False(stream.IsCompleted, "A subscriber that behaved was let go."));
            long most = server.MemoryBytes("VmHWM:");
            output.WriteLine($"{Subscribers} streams, {NeverRead + Slow + Garbage + Drop} of them misbehave: p99 of an order {without:F2} ms without them, {with:F2} ms with them; "
                + $"{most >> 20} MiB at most, {residentBytes >> 20} MiB before them.");
            Assert.True(most < residentBytes + ((NeverRead + Slow + Garbage + Drop) * LargestStreamBytes) + SlackBytes, $"The server took {most >> 20} MiB.");
            if (TestScale.IsLong)
                Assert.True(with <= without * LargestRatio, $"p99 {with:F2} ms with them, {without:F2} ms without.");
            await over.CancelAsync();
            await market;
            Assert.All(await Task.WhenAll(reading), taken => Assert.True(taken > 0));
        }
        finally
        {
            await over.CancelAsync();
            foreach (IDisposable client in (IEnumerable<IDisposable>)[.. crowd, .. clients])
                client.Dispose();
        }
    }

    /// <summary>In turns without them and with them, so that both meet the same machine: medians of the windows' p99, ms.</summary>
    private async Task<(double Without, double With)> Measure(ServerProcess server, ApiClient trader, CancellationToken over)
    {
        var pace = new OrderPace(trader, Symbol, "49000");
        await pace.Run(Window);   // Until the way is compiled.
        List<double> without = [];
        List<double> with = [];
        int begun = 0;
        for (int window = 0; window < Windows; window++)
        {
            without.Add(OrderPace.P99(await pace.Run(Window)));

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(over);
            var misbehaving = new Misbehaving(server.Address, Symbol);
            long slowBefore = await SlowConsumers(server);
            Task all = misbehaving.Run(NeverRead, Slow, Garbage, Drop, enough.Token);
            with.Add(OrderPace.P99(await pace.Run(Window)));
            await UntilSlowAreLetGo(server, slowBefore + NeverRead + Slow);
            await enough.CancelAsync();
            await all;
            begun += misbehaving.Begun;
        }

        output.WriteLine($"Misbehaving streams begun: {begun}. p99 without {Told(without)}; with {Told(with)}");
        return (OrderPace.Median(without), OrderPace.Median(with));
    }

    private static string Told(List<double> windows) => string.Join(", ", windows.Select(ms => ms.ToString("F2", CultureInfo.InvariantCulture)));

    /// <summary>The subscribers that behave, a hundred at an address.</summary>
    private static async Task<Task<long>[]> Gather(ServerProcess server, List<CrowdSocket> crowd, CancellationToken over)
    {
        List<Task<long>> reading = [];
        for (int i = 0; i < Subscribers - NeverRead - Slow - Garbage - Drop; i++)
        {
            CrowdSocket stream = await CrowdSocket.Connect(server.Address, new IPAddress([127, 0, 65, (byte)(1 + (i / 100))]));
            crowd.Add(stream);
            await stream.Subscribe($"trades@{Symbol}@100");
            Assert.True(await stream.ReadUntil("\"ok\":true", over));
            reading.Add(Task.Run(() => stream.ReadOn(over), CancellationToken.None));
        }

        return [.. reading];
    }

    /// <summary>Lists the symbol and opens accounts with money in them.</summary>
    private static async Task<ApiClient[]> Open(ServerProcess server, int accounts)
    {
        using ApiClient admin = server.As("admin");
        (await admin.Post("/api/v1/admin/instruments", $$"""{"symbol":"{{Symbol}}",{{Terms}}}""")).Required(201);
        List<ApiClient> clients = [];
        for (int account = 21; account < 21 + accounts; account++)
        {
            (await admin.Post("/api/v1/admin/accounts", $"{{\"accountId\":\"{account}\"}}")).Required(201);
            (await admin.Post("/api/v1/admin/deposits", $"{{\"accountId\":\"{account}\",\"transferId\":\"first\",\"amount\":\"1000000\"}}")).Required();
            ApiReply key = (await admin.Post($"/api/v1/admin/accounts/{account}/keys", """{"permissions":["read","trade"]}""")).Required(201);
            ApiReply token = await Signed.Send(server.Address, key["keyId"], key["secret"], "POST", "/api/v1/auth/tokens", """{"lifetimeMs":3600000}""");
            clients.Add(new ApiClient(server.Address, token.Required(201)["token"]));
        }

        return [.. clients];
    }

    /// <summary>So many levels that a snapshot of them is large.</summary>
    private static async Task DeepenBook(ApiClient buyer, ApiClient seller)
    {
        const int batch = 100;
        for (int level = 0; level < LevelsOfAMaker; level += batch)
        {
            await Place(buyer, "buy", 49_900 - level, -1);
            await Place(seller, "sell", 50_100 + level, 1);
        }

        static async Task Place(ApiClient maker, string side, int from, int step)
        {
            IEnumerable<string> orders = Enumerable.Range(0, batch).Select(i =>
                $$"""{"symbol":"{{Symbol}}","side":"{{side}}","type":"limit","price":"{{from + (step * i)}}","qty":"0.001"}""");
            (await maker.Post("/api/v1/orders/batch", $"{{\"orders\":[{string.Join(',', orders)}]}}")).Required();
        }
    }

    /// <summary>Trades until it is over.</summary>
    private static async Task RunMarket(ApiClient maker, ApiClient taker, CancellationToken over)
    {
        using var pace = new PeriodicTimer(TradeEvery);
        while (!over.IsCancellationRequested)
        {
            (await maker.Place($$"""{"symbol":"{{Symbol}}","side":"sell","type":"limit","price":"50000","qty":"0.001"}""")).Required(201);
            (await taker.Place($$"""{"symbol":"{{Symbol}}","side":"buy","type":"limit","price":"50000","qty":"0.001","timeInForce":"ioc"}""")).Required(201);
            try
            {
                await pace.WaitForNextTickAsync(over);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task UntilSlowAreLetGo(ServerProcess server, long count)
    {
        using var look = new PeriodicTimer(TradeEvery);
        long began = TimeProvider.System.GetTimestamp();
        while (await SlowConsumers(server) < count)
        {
            await look.WaitForNextTickAsync();
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < Patience,
                $"{await SlowConsumers(server)} streams of {count} were ended for being slow.");
        }
    }

    /// <summary>How many streams the server has ended for being slow.</summary>
    private static async Task<long> SlowConsumers(ServerProcess server)
    {
        using ApiClient anyone = server.Anonymous();
        Match counted = SlowCount().Match((await anyone.Get("/metrics")).Required().Text);
        return counted.Success ? long.Parse(counted.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^stream_ends_total\{code=""SLOW_CONSUMER""\} (?<count>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex SlowCount();
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Xunit.Abstractions;

namespace Exchange.Acceptance.Crowd;

/// <summary>A client that asks ten times what it may (P7, S17): it is refused, and another's orders take hardly longer.</summary>
public sealed class GreedyClientTests(ITestOutputHelper output)
{
    private const string Symbol = "ETHUSDT";

    /// <summary>Of what an account may place a second.</summary>
    private const int Greed = 10;

    private const int OrdersPerSecond = 100;
    private const int Connections = 20;
    private const double LargestRatio = 2;
    private const long SlackBytes = 256L * 1_024 * 1_024;
    private static readonly int Windows = TestScale.Of(1, 7);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(TestScale.Of(1, 4));

    [Fact]
    public async Task Ten_times_what_a_client_may_ask_is_refused_and_another_hardly_notices()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder, new ServerSettings
        {
            HasClientLimits = true,
            WarmsUp = TestScale.IsLong,

            // A bucket that is soon empty; and no ban, which would end the greed.
            Arguments = ["--ClientLimits:OrdersBurst=100", "--ClientLimits:RefusalsBurst=10000000"],
        });
        using ApiClient bob = server.As("bob");
        var pace = new OrderPace(bob, Symbol, "2900", TimeSpan.FromSeconds(2.0 / OrdersPerSecond));
        await pace.Run(Window);
        long residentBytes = server.MemoryBytes("VmRSS:");

        List<double> without = [];
        List<double> with = [];
        int refused = 0;
        for (int window = 0; window < Windows; window++)
        {
            without.Add(OrderPace.P99(await pace.Run(Window)));
            using var over = new CancellationTokenSource();
            Task<int> greed = BeGreedy(server, over.Token);
            with.Add(OrderPace.P99(await pace.Run(Window)));
            await over.CancelAsync();
            refused += await greed;
        }

        double before = OrderPace.Median(without);
        double during = OrderPace.Median(with);
        long most = server.MemoryBytes("VmHWM:");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"p99 of an order {before:F2} ms alone, {during:F2} ms beside {refused} refusals; {most >> 20} MiB at most, {residentBytes >> 20} MiB before."));
        Assert.True(refused > 0);
        Assert.True(most < residentBytes + SlackBytes, $"The server took {most >> 20} MiB.");
        if (TestScale.IsLong)
            Assert.True(during < before * LargestRatio, $"p99 {during:F2} ms beside it, {before:F2} ms without.");
    }

    /// <summary>Sends ten times the admitted rate, evenly, from an address of its own.</summary>
    /// <returns>How many were refused for that.</returns>
    private static async Task<int> BeGreedy(ServerProcess server, CancellationToken over)
    {
        using HttpClient http = From(IPAddress.Parse("127.0.67.1"), server);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DemoKeys.Of(server.Folder)["alice"].Token);
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 * Connections / (OrdersPerSecond * Greed)));
            while (!over.IsCancellationRequested)
            {
                // Nothing is there to trade with: each that is admitted ends at once.
                using var body = new StringContent(
                    $$"""{"symbol":"{{Symbol}}","side":"buy","type":"limit","price":"2900","qty":"0.01","timeInForce":"ioc"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                using HttpResponseMessage response = await http.PostAsync(new Uri("/api/v1/orders", UriKind.Relative), body, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                    Interlocked.Increment(ref refused);
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }
        })));
        return refused;
    }

    private static HttpClient From(IPAddress address, ServerProcess server)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = Connections,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = server.Address };
    }
}

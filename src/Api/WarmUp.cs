using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Authentication;
using Exchange.Edge.FirstStart;
using Exchange.Edge.Hosting;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>Runs the whole request path before the first client does: compiled late, its first orders would take a hundred times as long.</summary>
/// <remarks>
/// A second server in this process, on a loopback port of its own, over a throw-away venue in a temporary folder: connection, signature,
/// parsing, margin, matching, journal and answer are the code that clients will run, and the venue of the clients sees none of it.
/// </remarks>
internal static class WarmUp
{
    private const int Requests = 3_000;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);
    private static readonly ImmutableArray<string> Reads =
        ["/api/v1/orderbook/BTCUSDT", "/api/v1/tickers/BTCUSDT", "/api/v1/account", "/api/v1/orders?status=open", "/api/v1/fills"];

    /// <summary>Returns when it has run often enough or long enough, or when it cannot: cold orders are late, none at all would be worse.</summary>
    public static async Task RunOrSayWhyNot(StartMessages messages, CancellationToken stop)
    {
        try
        {
            await Run(stop);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            messages.Fail($"The first orders will be slow, since the warm-up failed: {cause.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server ends before it was warm.
        }
    }

    private static async Task Run(CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("exchange-warm-up-").FullName;
        try
        {
            var options = new EmbeddedOptions { Directory = folder, SegmentBytes = 8 << 20, NearlyFullBytes = 0, SnapshotOnStop = false };
            using EmbeddedExchange exchange = EmbeddedExchange.Open(options, TimeProvider.System);
            await using WebApplication app = Build(exchange, folder);
            await app.StartAsync(stop);
            IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
            foreach (Instrument instrument in DemoInstruments.All())
                await exchange.List(instrument, stop);
            ApiKey maker = await Open(exchange, keys, 1);
            ApiKey taker = await Open(exchange, keys, 2);
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
            enough.CancelAfter(Most);
            await Trade(client, maker, taker, enough.Token);
            await app.StopAsync(stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WebApplication Build(EmbeddedExchange exchange, string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development, ContentRootPath = folder });
        InlineSockets.Use(builder);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new("Keys:Folder", folder), new("ClientLimits:IsOn", "false")]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IExchange>(_ => exchange);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddExchangeEdge();
        WebApplication app = builder.Build();
        app.MapExchangeEdge();
        return app;
    }

    private static async Task<ApiKey> Open(EmbeddedExchange exchange, IKeyStore keys, uint account)
    {
        await exchange.Submit(new Command { Kind = CommandKind.CreateAccount, Account = account }, CancellationToken.None);
        var deposit = new Command { Kind = CommandKind.Deposit, Account = account, Amount = 100_000 * Rounding.OneE8, Key = ClientKey.From("warm-up"u8) };
        await exchange.Submit(in deposit, CancellationToken.None);
        return await keys.Create(account, Permissions.Read | Permissions.Trade);
    }

    /// <summary>Each round a trade, a cancel and a read; the side changes, so that positions stay small.</summary>
    private static async Task Trade(HttpClient client, ApiKey maker, ApiKey taker, CancellationToken stop)
    {
        try
        {
            for (int i = 0; i < Requests / 5; i++)
            {
                (string side, string opposite) = i % 2 == 0 ? ("buy", "sell") : ("sell", "buy");
                await Send(client, maker, HttpMethod.Post, "/api/v1/orders", Limit(side, $"trade-{i}"), stop);
                await Send(client, taker, HttpMethod.Post, "/api/v1/orders", $$"""{"symbol":"BTCUSDT","side":"{{opposite}}","type":"market","qty":"0.01"}""", stop);
                await Send(client, maker, HttpMethod.Post, "/api/v1/orders", Limit(side, $"cancel-{i}"), stop);
                await Send(client, maker, HttpMethod.Delete, $"/api/v1/orders/client:cancel-{i}?symbol=BTCUSDT", null, stop);
                await Send(client, maker, HttpMethod.Get, Reads[i % Reads.Length], null, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Long enough.
        }
    }

    private static string Limit(string side, string id) =>
        $$"""{"clientOrderId":"{{id}}","symbol":"BTCUSDT","side":"{{side}}","type":"limit","price":"50000","qty":"0.01"}""";

    private static async Task Send(HttpClient client, ApiKey key, HttpMethod method, string target, string? body, CancellationToken stop)
    {
        string timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        byte[] text = Encoding.ASCII.GetBytes($"{timestamp}\n{method.Method}\n{target}\n{body}");
        using var request = new HttpRequestMessage(method, new Uri(target, UriKind.Relative));
        request.Headers.Add("X-Key", key.KeyId);
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.RevealSecret()), text)));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.ASCII, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage answer = await client.SendAsync(request, stop);
        await answer.Content.ReadAsByteArrayAsync(stop);
    }
}

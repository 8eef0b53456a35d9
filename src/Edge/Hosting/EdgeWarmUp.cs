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
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Hosting;

/// <summary>Runs the whole request path before the first client does: compiled late, its first orders would take a hundred times as long.</summary>
/// <remarks>
/// A second server in this process, on a loopback port of its own, over a throw-away venue: connection, signature, parsing and answer,
/// and whatever is behind the venue's port, are the code that clients will run, and the venue of the clients sees none of it.
/// </remarks>
public static class EdgeWarmUp
{
    private const int Requests = 3_000;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);
    private static readonly ImmutableArray<string> Reads =
        ["/api/v1/orderbook/BTCUSDT", "/api/v1/tickers/BTCUSDT", "/api/v1/account", "/api/v1/orders?status=open", "/api/v1/fills"];

    /// <summary>Trades on the venue until it has run often enough or long enough.</summary>
    /// <param name="venue">New and empty; thrown away after.</param>
    /// <param name="folder">Empty; of keys.</param>
    /// <param name="configure">What this kind of host sets beside; null: nothing.</param>
    /// <returns>Requests that were done.</returns>
    /// <exception cref="IOException">The server cannot be started.</exception>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public static async Task<int> Run(IExchange venue, string folder, CancellationToken stop, Action<WebApplicationBuilder>? configure = null)
    {
        await using WebApplication app = Build(venue, folder, configure);
        await app.StartAsync(stop);
        IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
        foreach (Instrument instrument in DemoInstruments.All())
            await venue.List(instrument, stop);
        ApiKey maker = await Open(venue, keys, 1);
        ApiKey taker = await Open(venue, keys, 2);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(Most);
        await HasMarks(venue, enough.Token);
        int done = await Trade(client, maker, taker, enough.Token);
        await app.StopAsync(stop);
        return done;
    }

    private static WebApplication Build(IExchange venue, string folder, Action<WebApplicationBuilder>? configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development, ContentRootPath = folder });
        configure?.Invoke(builder);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new("Keys:Folder", folder), new("ClientLimits:IsOn", "false")]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_ => venue);   // Not the server's to dispose of.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddExchangeEdge();
        WebApplication app = builder.Build();
        app.MapExchangeEdge();
        return app;
    }

    private static async Task<ApiKey> Open(IExchange venue, IKeyStore keys, uint account)
    {
        await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = account }, CancellationToken.None);
        var deposit = new Command { Kind = CommandKind.Deposit, Account = account, Amount = 100_000 * Rounding.OneE8, Key = ClientKey.From("warm-up"u8) };
        await venue.Submit(in deposit, CancellationToken.None);
        return await keys.Create(account, Permissions.Read | Permissions.Trade);
    }

    /// <summary>Without a mark orders are refused, which would warm up little.</summary>
    private static async Task HasMarks(IExchange venue, CancellationToken stop)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (venue.GetTicker(0).MarkTicks == 0)
                await look.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Long enough.
        }
    }

    /// <summary>Each round a trade, a cancel and a read; the side changes, so that positions stay small.</summary>
    private static async Task<int> Trade(HttpClient client, ApiKey maker, ApiKey taker, CancellationToken stop)
    {
        int done = 0;
        try
        {
            for (int i = 0; i < Requests / 5; i++)
            {
                (string side, string opposite) = i % 2 == 0 ? ("buy", "sell") : ("sell", "buy");
                done += await Send(client, maker, HttpMethod.Post, "/api/v1/orders", Limit(side, $"trade-{i}"), stop);
                done += await Send(client, taker, HttpMethod.Post, "/api/v1/orders", $$"""{"symbol":"BTCUSDT","side":"{{opposite}}","type":"market","qty":"0.01"}""", stop);
                done += await Send(client, maker, HttpMethod.Post, "/api/v1/orders", Limit(side, $"cancel-{i}"), stop);
                done += await Send(client, maker, HttpMethod.Delete, $"/api/v1/orders/client:cancel-{i}?symbol=BTCUSDT", null, stop);
                done += await Send(client, maker, HttpMethod.Get, Reads[i % Reads.Length], null, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Long enough.
        }

        return done;
    }

    private static string Limit(string side, string id) =>
        $$"""{"clientOrderId":"{{id}}","symbol":"BTCUSDT","side":"{{side}}","type":"limit","price":"50000","qty":"0.01"}""";

    private static async Task<int> Send(HttpClient client, ApiKey key, HttpMethod method, string target, string? body, CancellationToken stop)
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
        return answer.IsSuccessStatusCode ? 1 : 0;
    }
}

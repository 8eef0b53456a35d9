using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Tests.Support;

/// <summary>The edge on a real server and a port of its own, over a fake exchange; account 7 trades, another key administers.</summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    public const uint Account = 7;

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private EdgeServer(WebApplication app, FakeExchange exchange, ManualTime time, string folder, bool ownsFolder, Callers callers)
    {
        _app = app;
        _ownsFolder = ownsFolder;
        Exchange = exchange;
        Time = time;
        Folder = folder;
        Keys = app.Services.GetRequiredService<IKeyStore>();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        (Trader, TraderToken) = callers.Trader;
        (Reader, ReaderToken) = callers.Reader;
        (Admin, AdminToken) = callers.Admin;
    }

    private sealed record Callers((ApiKey Key, string Token) Trader, (ApiKey Key, string Token) Reader, (ApiKey Key, string Token) Admin)
    {
        public static async Task<Callers> In(IKeyStore keys, long nowMs) => new(
            await Make(keys, Account, Permissions.Read | Permissions.Trade, nowMs), await Make(keys, Account, Permissions.Read, nowMs),
            await Make(keys, 0, Permissions.Admin, nowMs));

        private static async Task<(ApiKey Key, string Token)> Make(IKeyStore keys, uint account, Permissions permissions, long nowMs)
        {
            ApiKey key = await keys.Create(account, permissions);
            return (key, await keys.CreateToken(key, permissions, nowMs + 86_400_000));
        }
    }

    public FakeExchange Exchange { get; }

    public ManualTime Time { get; }

    public string Folder { get; }

    public IKeyStore Keys { get; }

    public Uri Address { get; }

    /// <summary>Every operation that the server answers.</summary>
    public IEnumerable<Operation> Operations => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<Operation>())
        .OfType<Operation>();

    public HttpClient Client { get; }

    public ApiKey Trader { get; }

    public ApiKey Reader { get; }

    public ApiKey Admin { get; }

    public string TraderToken { get; }

    public string ReaderToken { get; }

    public string AdminToken { get; }

    public static Task<EdgeServer> Start(string? folder = null, params (string Name, string Value)[] settings) =>
        Over(new FakeExchange(), new ManualTime(), folder, settings);

    /// <summary>Starts over a venue and at a time that are not the usual ones.</summary>
    public static async Task<EdgeServer> Over(FakeExchange exchange, ManualTime time, string? folder = null, params (string Name, string Value)[] settings)
    {
        string keys = folder ?? Directory.CreateTempSubdirectory("edge-tests-").FullName;
        try
        {
            return await Over(exchange, time, keys, ownsFolder: folder is null, settings);
        }
        catch
        {
            // A start that is refused leaves no server that would clear up.
            if (folder is null)
                Directory.Delete(keys, recursive: true);
            throw;
        }
    }

    private static async Task<EdgeServer> Over(FakeExchange exchange, ManualTime time, string keys, bool ownsFolder, (string Name, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        Dictionary<string, string?> configuration = new() { ["Keys:Folder"] = keys };
        foreach ((string name, string value) in settings)
            configuration[name] = value;
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IExchange>(exchange);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddExchangeEdge();
        WebApplication app = builder.Build();
        app.MapExchangeEdge();
        await app.StartAsync();
        Callers callers = await Callers.In(app.Services.GetRequiredService<IKeyStore>(), time.NowMs);
        return new EdgeServer(app, exchange, time, keys, ownsFolder, callers);
    }

    public Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    /// <summary>Cancelled when the server is asked to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Asks it to stop; ends when it has.</summary>
    public Task Stop() => _app.StopAsync();

    /// <summary>Sends a request with a bearer token; null: without credentials.</summary>
    public Task<Reply> Send(string method, string target, string? body = null, string? token = null) =>
        Send(Request(method, target, body is null ? null : Encoding.UTF8.GetBytes(body), token));

    public Task<Reply> AsTrader(string method, string target, string? body = null) => Send(method, target, body, TraderToken);

    public Task<Reply> AsAdmin(string method, string target, string? body = null) => Send(method, target, body, AdminToken);

    /// <summary>Sends a signed request; the parts of the signature can be replaced.</summary>
    public Task<Reply> Signed(string method, string target, string? body = null, ApiKey? key = null, Signing? signing = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body ?? "");
        HttpRequestMessage request = Request(method, target, body is null ? null : bytes, null);
        (signing ?? new Signing()).Sign(request, target, bytes, key ?? Trader, Time.NowMs);
        return Send(request);
    }

    public static HttpRequestMessage Request(string method, string target, byte[]? body, string? token)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

            // The server refuses a body that is too long before it is sent, and closes: a client in the middle of it would see only that.
            request.Headers.ExpectContinue = body.Length > 64 * 1_024;
        }

        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await Client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            return new Reply(response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, response.Headers);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A response, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, string? ContentType, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public int Code => (int)Status;

    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>Status and code of a refusal, as one text: "422 PRICE_TICK".</summary>
    public string Refusal => $"{Code} {(string?)Json["code"]}";
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Exchange.Edge.Authentication;
using Exchange.Grains.Placement;
using Exchange.Silo.Hosting;
using Exchange.Silo.Tests.Keys;
using Exchange.Silo.Tests.Processes;
using Exchange.Storage.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Silo.Tests.Api;

/// <summary>A silo in this process that serves the API, and a client of it.</summary>
internal sealed class ApiSilo : IAsyncDisposable
{
    private readonly PostgresStreamStore _store;

    private ApiSilo(WebApplication app, SiloOptions options, PostgresStreamStore store, string folder)
    {
        App = app;
        Options = options;
        _store = store;
        Folder = folder;
    }

    public WebApplication App { get; }

    public SiloOptions Options { get; }

    /// <summary>Its <c>Keys:Folder</c>.</summary>
    public string Folder { get; }

    public HttpClient Http { get; } = new();

    public IKeyStore Keys => App.Services.GetRequiredService<IKeyStore>();

    public static async Task<ApiSilo> Start(string database, string cluster, string name, string? redis = null, SiloRole role = SiloRole.All)
    {
        var options = new SiloOptions
        {
            Role = role, Database = database, ClusterId = cluster, Name = name, SiloPort = LoopbackPort.Free(),
            ProbeMs = 10_000,   // None dies, and a busy machine must not make them take each other for dead.
            Clustering = redis is null ? SiloClustering.Database : SiloClustering.Redis, Redis = redis ?? "",
        };
        PostgresStreamStore store = await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None)
            ?? throw new InvalidOperationException("The database cannot be used.");
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        string folder = Directory.CreateTempSubdirectory("exchange-silo-").FullName;
        builder.Configuration["Keys:Folder"] = folder;
        builder.Configuration["Keys:MasterKey"] = TestKeys.Zeros;
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        var silo = new ApiSilo(SiloServer.Build(builder, options, IPAddress.Loopback, store), options, store, folder);
        await silo.App.StartAsync();
        silo.Http.BaseAddress = new Uri(silo.App.Urls.First());
        await Condition.Holds(silo.IsReady);
        return silo;
    }

    public async Task<bool> IsReady() => (await Http.GetAsync("health/ready")).IsSuccessStatusCode;

    /// <summary>A token to act for an account with; 0: to administer.</summary>
    public async Task<string> TokenOf(uint account)
    {
        ApiKey key = await KeyOf(account);
        return await Keys.CreateToken(key, key.Permissions, DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds());
    }

    /// <summary>A key to act for an account with; 0: to administer.</summary>
    public async Task<ApiKey> KeyOf(uint account) =>
        await Keys.Create(account, Permissions.Read | Permissions.Trade | (account == 0 ? Permissions.Admin : 0));

    /// <returns>What was answered; a refusal is thrown with its problem.</returns>
    public async Task<JsonElement> Ask(string token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token.Length != 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new HttpRequestException($"{method} {path}: {text}", null, response.StatusCode);
    }

    public Task<JsonElement> Get(string token, string path) => Ask(token, HttpMethod.Get, path);

    public Task<JsonElement> Post(string token, string path, object body) => Ask(token, HttpMethod.Post, path, body);

    /// <summary>A stream of an account's orders.</summary>
    public Task<OrderStream> Listen(string token, string? cursor = null) =>
        OrderStream.Open(Http.BaseAddress!, token, cursor);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await App.StopAsync(patience.Token);
        await App.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

using System.Net;
using Exchange.Grains.Placement;
using Exchange.Silo.Hosting;
using Exchange.Storage.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Exchange.Silo.Acceptance.Silos;

/// <summary>A silo in this process, made as the program makes it; its calls to others go over connections.</summary>
internal sealed class SiloMember : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IStreamStore _store;

    private SiloMember(WebApplication app, IStreamStore store)
    {
        _app = app;
        _store = store;
    }

    /// <summary>Where its API is, or the health of an engine.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <param name="store">Closed with the silo.</param>
    /// <param name="more">Settings beyond those of any test.</param>
    public static async Task<SiloMember> Start(SiloOptions options, IStreamStore store, params (string Name, string Value)[] more)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        builder.Configuration["ClientLimits:IsOn"] = "false";
        foreach ((string name, string value) in more)
            builder.Configuration[name] = value;
        var silo = new SiloMember(SiloServer.Build(builder, options, IPAddress.Loopback, store), store);
        try
        {
            await silo._app.StartAsync();
            if (options.Role != SiloRole.Engine)
                await SiloServer.StartFirst(silo._app, options);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public static SiloOptions Options(string database, string cluster, string name, SiloRole role) => new()
    {
        Role = role, Database = database, ClusterId = cluster, Name = name, SiloPort = LoopbackPort.Free(),
        ProbeMs = 10_000,   // None dies, and a busy machine must not make them take each other for dead.
    };

    /// <summary>Stops it as an operator does: it hands its grains over.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        if (_store is IAsyncDisposable store)
            await store.DisposeAsync();
    }
}

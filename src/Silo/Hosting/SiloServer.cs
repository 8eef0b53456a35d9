using System.Diagnostics.Metrics;
using System.Net;
using Exchange.Core.Port;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.FirstStart;
using Exchange.Edge.Hosting;
using Exchange.Edge.Telemetry;
using Exchange.Grains.Nodes;
using Exchange.Grains.Port;
using Exchange.Grains.Silos;
using Exchange.Silo.Keys;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Hosting;

/// <summary>Makes a silo with what it answers over HTTP: an edge's whole API, or an engine's health and metrics.</summary>
internal static class SiloServer
{
    /// <summary>Where a first start in Development keeps what it made, unless a setting says otherwise.</summary>
    private const string KeysFolder = "data";

    /// <param name="options">Checked.</param>
    /// <param name="address">Of <see cref="SiloOptions.Address"/>.</param>
    /// <param name="store">Closed by the caller, after the server.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot be used.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, SiloOptions options, IPAddress address, IStreamStore store)
    {
        // First: what the silo counts while it starts is counted too.
        builder.Services.AddExchangeTelemetry(
            meters => meters.AddMeter("Microsoft.Orleans"), traces => traces.AddSource(NodeTracing.SourceName));
        builder.AddExchangeSilo(options, address, store);
        bool isEdge = options.ServesApi;
        if (isEdge)
        {
            builder.Configuration["Keys:Folder"] ??= Path.GetFullPath(KeysFolder);
            builder.Services.AddSingleton<IExchange>(services => services.GetRequiredService<GrainExchange>());
            builder.Services.AddClusterKeys(options.Database);
            builder.Services.AddExchangeEdge();
        }

        WebApplication app = builder.Build();
        if (isEdge)
        {
            app.MapExchangeEdge();
        }
        else
        {
            MapHealth(app, store);
            app.MapExchangeMetrics();
            _ = new EngineMetrics(
                app.Services.GetRequiredService<IMeterFactory>().Create(ExchangeTelemetry.MeterName), app.Services.GetRequiredService<SiloFigures>().Venue);
        }

        return app;
    }

    /// <summary>Makes the first keys where there are none, in Development symbols and accounts too, once a silo with the API is up.</summary>
    /// <param name="app">Started.</param>
    public static async Task StartFirst(WebApplication app, SiloOptions options)
    {
        IExchange exchange = app.Services.GetRequiredService<IExchange>();
        IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
        IAuditLog audit = app.Services.GetRequiredService<IAuditLog>();
        if (!app.Environment.IsDevelopment())
        {
            await FirstKey.MakeIfNone(keys, audit, options.AdminKeyFile, $"{SiloOptions.Section}:{nameof(SiloOptions.AdminKeyFile)}", Console.WriteLine);
            return;
        }

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!exchange.IsReady && !app.Lifetime.ApplicationStopping.IsCancellationRequested)
            await poll.WaitForNextTickAsync();
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        var demo = new DemoStart(exchange, keys, audit, app.Configuration["Keys:Folder"]!);

        // Of silos that start at once the first makes them, and the others find them made.
        await app.Services.GetRequiredService<PostgresKeyStore>().DoAlone(
            () => demo.RunIfNew(app.Urls.First(), Console.Out, time.GetUtcNow()), app.Lifetime.ApplicationStopping);
    }

    /// <summary>Ready: it knows what is listed, and the database takes writes.</summary>
    private static void MapHealth(WebApplication app, IStreamStore store)
    {
        SiloBoard board = app.Services.GetRequiredService<SiloBoard>();
        app.MapGet("/health/live", () => Results.Ok(new { status = "ok" }));
        app.MapGet("/health/ready", () => board.Told.IsCompleted && store.Fault is null && !app.Lifetime.ApplicationStopping.IsCancellationRequested
            ? Results.Ok(new { status = "ok" })
            : Results.Json(new { status = "not ready", database = store.Fault }, statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}

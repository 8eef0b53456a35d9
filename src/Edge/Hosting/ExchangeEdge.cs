using Exchange.Core.Port;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Limits;
using Exchange.Edge.Native.Accounts;
using Exchange.Edge.Native.Admin;
using Exchange.Edge.Native.Docs;
using Exchange.Edge.Native.Features;
using Exchange.Edge.Native.Health;
using Exchange.Edge.Native.Keys;
using Exchange.Edge.Native.Market;
using Exchange.Edge.Native.Orders;
using Exchange.Edge.Native.Streams;
using Exchange.Edge.Native.Tokens;
using Exchange.Edge.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Hosting;

/// <summary>Hosts the API: everything between HTTP and the port of the exchange.</summary>
public static class ExchangeEdge
{
    /// <summary>
    /// Adds the edge's services. The host adds an <see cref="IExchange"/>; where several servers share them, also an
    /// <see cref="IKeyStore"/>, <see cref="ITokenStore"/>, <see cref="ISignatureGuard"/> and <see cref="IAuditLog"/>.
    /// </summary>
    /// <remarks>Settings: sections <c>Edge</c>, <c>ClientLimits</c>, <c>Features</c>, <c>Telemetry</c>, <c>Keys</c> and <c>Bench</c>, checked at start.</remarks>
    public static IServiceCollection AddExchangeEdge(this IServiceCollection services)
    {
        // A line of a request ends as the standard says, not with a line feed alone: a proxy in front could take that for a part of the line.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        services.AddSettings<EdgeOptions>(EdgeOptions.Section);
        services.AddSettings<ClientLimitOptions>(ClientLimitOptions.Section);
        services.AddSettings<KeyStoreOptions>(KeyStoreOptions.Section);
        services.AddSettings<BenchOptions>(BenchOptions.Section);
        services.AddSettings<FeatureOptions>(FeatureOptions.Section);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConnectionLimit>();
        services.AddRouting();
        services.AddExchangeTelemetry();
        LargeAnswers.Add(services);
        services.AddOpenApi(OpenApiDocument.Name, OpenApiDocument.Configure);
        services.AddSingleton<OpenApiEndpoint>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<IKeyStore>(provider => new FileKeyStore(
            provider.GetRequiredService<IOptions<KeyStoreOptions>>().Value,
            provider.GetRequiredService<IHostEnvironment>().IsDevelopment(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EdgeOptions>>().Value);
        services.AddSingleton<EdgeMetrics>();
        services.TryAddSingleton<IAuditLog>(provider => new AuditLog(
            provider.GetRequiredService<IOptions<KeyStoreOptions>>().Value.Folder, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISignatureGuard>(provider => new OwnSignatures(
            provider.GetRequiredService<EdgeOptions>().ReplayMemoryEntries,
            Math.Max(provider.GetRequiredService<IExchange>().RecoveredTimeMs, provider.GetRequiredService<IAuditLog>().LastTimeMs),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OwnSignatures>>()));
        services.AddSingleton<RequestFrame>();
        services.TryAddSingleton<ITokenStore, TokenStore>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<AddressLimit>();
        services.AddSingleton<StreamCounts>();
        services.AddSingleton<Venue>();
        services.AddSingleton<InstrumentTable>();
        services.AddSingleton<EdgeServices>();
        AddNative(services);
        return services;
    }

    /// <summary>Puts the whole API on the application: call it once, after Build.</summary>
    public static WebApplication MapExchangeEdge(this WebApplication app)
    {
        IServiceProvider services = app.Services;
        app.UseTrustedProxies(services.GetRequiredService<EdgeOptions>());
        app.LeaveUnlessShort();
        RequestFrame frame = services.GetRequiredService<RequestFrame>();
        app.Use(next => context => frame.Invoke(context, next));
        if (services.GetRequiredService<ClientLimits>().IsOn)
        {
            AddressLimit limit = services.GetRequiredService<AddressLimit>();
            app.Use(next => context => limit.Invoke(context, next));
        }

        app.UseResponseCompression();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        app.Use(next => context =>
        {
            ControlFrames.Watch(context, time);
            return next(context);
        });
        app.UseWebSockets();

        var routes = new EdgeRoutes(app, services.GetRequiredService<EdgeServices>());
        MapNative(services, routes);
        services.GetRequiredService<OpenApiEndpoint>().Map(app);
        DocsPage.Map(app);
        app.MapExchangeMetrics();
        services.GetRequiredService<StreamEndpoint>().Map(app);
        if (services.GetRequiredService<IOptions<BenchOptions>>().Value.NoopEndpoint)
            new BenchEndpoints().Map(routes);
        if (services.GetRequiredService<IOptions<BenchOptions>>().Value.Broadcast)
            new BareBroadcast().Map(app);
        return app;
    }

    private static void MapNative(IServiceProvider services, EdgeRoutes routes)
    {
        services.GetRequiredService<InstrumentEndpoints>().Map(routes);
        services.GetRequiredService<MarketEndpoints>().Map(routes);
        services.GetRequiredService<CandleEndpoints>().Map(routes);
        services.GetRequiredService<FundingEndpoints>().Map(routes);
        services.GetRequiredService<FeatureEndpoints>().Map(routes);
        services.GetRequiredService<FeatureQueryEndpoint>().Map(routes);
        services.GetRequiredService<PlaceEndpoints>().Map(routes);
        services.GetRequiredService<ChangeEndpoints>().Map(routes);
        services.GetRequiredService<QueryEndpoints>().Map(routes);
        services.GetRequiredService<AccountEndpoints>().Map(routes);
        services.GetRequiredService<LedgerEndpoints>().Map(routes);
        services.GetRequiredService<SettingEndpoints>().Map(routes);
        services.GetRequiredService<TokenEndpoints>().Map(routes);
        services.GetRequiredService<KeyEndpoints>().Map(routes);
        services.GetRequiredService<KeyAdminEndpoints>().Map(routes);
        services.GetRequiredService<AccountAdminEndpoints>().Map(routes);
        services.GetRequiredService<InstrumentAdminEndpoints>().Map(routes);
        services.GetRequiredService<HealthEndpoints>().Map(routes);
    }

    private static void AddNative(IServiceCollection services)
    {
        services.AddSingleton<ClientIds>();
        services.AddSingleton<PlaceOrderBody>();
        services.AddSingleton<OrderLocator>();
        services.AddSingleton<PlaceEndpoints>();
        services.AddSingleton<ChangeEndpoints>();
        services.AddSingleton<QueryEndpoints>();
        services.AddSingleton<InstrumentEndpoints>();
        services.AddSingleton<MarketEndpoints>();
        services.AddSingleton<CandleEndpoints>();
        services.AddSingleton<FundingEndpoints>();
        services.AddSingleton<FeatureEndpoints>();
        services.AddSingleton<FeatureQueryEndpoint>();
        services.AddSingleton<FeatureReader>();
        services.AddSingleton<RequestedFeatures>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FeatureOptions>>().Value.Make());
        services.AddHostedService<FeatureFeeder>();
        services.AddSingleton<AccountEndpoints>();
        services.AddSingleton<LedgerEndpoints>();
        services.AddSingleton<SettingEndpoints>();
        services.AddSingleton<TokenEndpoints>();
        services.AddSingleton<KeyKeeper>();
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<KeyAdminEndpoints>();
        services.AddSingleton<AccountAdminEndpoints>();
        services.AddSingleton<InstrumentAdminEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<StreamHub>();
        services.AddHostedService(provider => provider.GetRequiredService<StreamHub>());
        services.AddSingleton<StreamLogOn>();
        services.AddSingleton<StreamServices>();
        services.AddSingleton<StreamEndpoint>();
    }
}

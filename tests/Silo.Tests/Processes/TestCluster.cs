using System.Net;
using Exchange.Core.Nodes;
using Exchange.Core.Port;
using Exchange.Grains.Clients;
using Exchange.Grains.Placement;
using Exchange.Grains.Port;
using Exchange.Silo.Bench;
using Exchange.Silo.Hosting;
using Exchange.Storage.Postgres;
using Exchange.Storage.Postgres.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Silo.Tests.Processes;

/// <summary>Engine silos as processes over a database of their own; this process is the edge.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string _database;
    private readonly SiloOptions _options;
    private readonly PostgresStreamStore _store;
    private readonly IHost _edge;
    private readonly List<SiloProcess> _engines = [];

    private TestCluster(string database, SiloOptions options, PostgresStreamStore store, IHost edge)
    {
        _database = database;
        _options = options;
        _store = store;
        _edge = edge;
    }

    public IReadOnlyList<SiloProcess> Engines => _engines;

    public ExchangeClients Clients => _edge.Services.GetRequiredService<ExchangeClients>();

    /// <summary>The port, as the edge has it.</summary>
    public IExchange Exchange => _edge.Services.GetRequiredService<GrainExchange>();

    /// <param name="database">As the silos reach it; null: one of their own.</param>
    /// <param name="configure">Changes settings of all its silos; null: as shipped.</param>
    public static async Task<TestCluster> Start(int engines, BenchPlan plan, string? database = null, Action<SiloOptions>? configure = null)
    {
        database ??= TemporaryPostgres.Shared.CreateDatabase();
        var options = new SiloOptions
        {
            Role = SiloRole.Edge, Database = database, ClusterId = $"test-{Guid.NewGuid():n}", Name = "edge", SiloPort = LoopbackPort.Free(),
        };
        configure?.Invoke(options);
        PostgresStreamStore store = await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None)
            ?? throw new InvalidOperationException("The database cannot be used.");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddExchangeSilo(options, IPAddress.Loopback, store);
        var cluster = new TestCluster(database, options, store, builder.Build());
        try
        {
            // The engines first: the edge asks for its grains as soon as it is up.
            cluster._engines.AddRange(await Task.WhenAll(Enumerable.Range(0, engines)
                .Select(engine => SiloProcess.Start(options, $"engine-{engine}", LoopbackPort.Free()))));
            await cluster._edge.StartAsync();
            await Prepare(new BenchVenue([cluster._edge.Services], plan));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is listed and funded already is passed over: silos that start on a busy machine may be late with an answer.</summary>
    private static async Task Prepare(BenchVenue venue)
    {
        using var again = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await venue.Prepare();
                return;
            }
            catch (Exception cause) when (attempt < 20 && cause is (TimeoutException or OrleansException or InvalidOperationException))
            {
                await again.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>For tests in which no silo dies: a machine that is busy with other things must not make them take each other for dead.</summary>
    public static void Patient(SiloOptions options) => options.ProbeMs = 10_000;

    /// <summary>The port of the silo that each active grain of a type lives on, by key.</summary>
    public async Task<Dictionary<long, int>> PortsOf(string grainType)
    {
        DetailedGrainStatistic[] all = await _edge.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return all.Where(grain => grain.GrainId.Type.ToString() == grainType).DistinctBy(grain => grain.GrainId)
            .ToDictionary(grain => grain.GrainId.GetIntegerKey(), grain => grain.SiloAddress.Endpoint.Port);
    }

    /// <summary>Starts one in place of another that has ended: by the same name, at the same port.</summary>
    public async Task Replace(SiloProcess ended)
    {
        await ended.DisposeAsync();
        _engines[_engines.IndexOf(ended)] = await SiloProcess.Start(_options, ended.Name, ended.Port);
    }

    /// <summary>Holds what is durable at this moment against the rules of money.</summary>
    public Task<ClusterReport> Verify(IBookObserver? observer = null) => ClusterVerification.Run(_database, isFromStart: observer is not null, observer, CancellationToken.None);

    public Task<CommandReply> Submit(in Command command) => Clients.Submit(in command);

    public async ValueTask DisposeAsync()
    {
        // The edge's last words go to engines that are still there.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _edge.StopAsync(patience.Token);
        _edge.Dispose();
        foreach (SiloProcess engine in _engines)
            await engine.DisposeAsync();
        await _store.DisposeAsync();
    }
}

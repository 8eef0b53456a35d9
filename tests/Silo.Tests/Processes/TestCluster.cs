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
    private readonly string _cluster;
    private readonly PostgresStreamStore _store;
    private readonly IHost _edge;
    private readonly List<SiloProcess> _engines = [];

    private TestCluster(string database, string cluster, PostgresStreamStore store, IHost edge)
    {
        _database = database;
        _cluster = cluster;
        _store = store;
        _edge = edge;
    }

    public IReadOnlyList<SiloProcess> Engines => _engines;

    public ExchangeClients Clients => _edge.Services.GetRequiredService<ExchangeClients>();

    /// <summary>The port, as the edge has it.</summary>
    public IExchange Exchange => _edge.Services.GetRequiredService<GrainExchange>();

    public static Task<TestCluster> Start(int engines, BenchPlan plan) => Start(engines, plan, TemporaryPostgres.Shared.CreateDatabase());

    /// <param name="database">As the silos reach it.</param>
    public static async Task<TestCluster> Start(int engines, BenchPlan plan, string database)
    {
        var options = new SiloOptions
        {
            Role = SiloRole.Edge, Database = database, ClusterId = $"test-{Guid.NewGuid():n}", Name = "edge", SiloPort = FreePort.Next(),
        };
        PostgresStreamStore store = await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None)
            ?? throw new InvalidOperationException("The database cannot be used.");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddExchangeSilo(options, IPAddress.Loopback, store);
        var cluster = new TestCluster(database, options.ClusterId, store, builder.Build());
        try
        {
            // The engines first: the edge asks for its grains as soon as it is up.
            cluster._engines.AddRange(await Task.WhenAll(Enumerable.Range(0, engines)
                .Select(engine => SiloProcess.Start(database, options.ClusterId, $"engine-{engine}", FreePort.Next()))));
            await cluster._edge.StartAsync();
            await new BenchVenue([cluster._edge.Services], plan).Prepare();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one in place of another that has ended: by the same name, at the same port.</summary>
    public async Task Replace(SiloProcess ended)
    {
        await ended.DisposeAsync();
        _engines[_engines.IndexOf(ended)] = await SiloProcess.Start(_database, _cluster, ended.Name, ended.Port);
    }

    /// <summary>Holds what is durable at this moment against the rules of money.</summary>
    public Task<ClusterReport> Verify(IBookObserver? observer = null) => ClusterVerification.Run(_database, observer, CancellationToken.None);

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

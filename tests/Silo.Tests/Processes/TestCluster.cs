using System.Net;
using Exchange.Core.Port;
using Exchange.Grains.Clients;
using Exchange.Grains.Placement;
using Exchange.Silo.Bench;
using Exchange.Silo.Hosting;
using Exchange.Storage.Postgres;
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
    private int _names;

    private TestCluster(string database, string cluster, PostgresStreamStore store, IHost edge)
    {
        _database = database;
        _cluster = cluster;
        _store = store;
        _edge = edge;
    }

    public IReadOnlyList<SiloProcess> Engines => _engines;

    public ExchangeClients Clients => _edge.Services.GetRequiredService<ExchangeClients>();

    public static async Task<TestCluster> Start(int engines, BenchPlan plan)
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
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
            await Task.WhenAll(Enumerable.Range(0, engines).Select(_ => cluster.StartEngine()));
            await cluster._edge.StartAsync();
            await new ClusterBench(cluster._edge.Services, plan).Prepare();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<SiloProcess> StartEngine()
    {
        SiloProcess engine = await SiloProcess.Start(_database, _cluster, $"engine-{Interlocked.Increment(ref _names)}");
        lock (_engines)
            _engines.Add(engine);
        return engine;
    }

    public void Forget(SiloProcess engine) => _engines.Remove(engine);

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

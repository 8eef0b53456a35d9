using Exchange.Grains.Placement;
using Exchange.Silo.Acceptance.Silos;
using Exchange.Silo.Hosting;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Acceptance.Faults;

/// <summary>Two silos whose streams lie in a store that fails as a test orders; members and keys are in PostgreSQL.</summary>
public sealed class FaultySilos() : SiloServers(SiloRole.All, SiloRole.All)
{
    internal InMemoryStreamStore Store { get; } = new();

    protected override int MarketsAtOnce => 8;

    /// <summary>Whoever gets no answer is told soon that nobody knows.</summary>
    protected override IEnumerable<(string Name, string Value)> Settings => [("Edge:CommandTimeoutMs", "2000")];

    private protected override async Task<IStreamStore> OpenStore(SiloOptions options)
    {
        await PostgresMigrations.Apply(options.Database, CancellationToken.None);
        return Store;
    }
}

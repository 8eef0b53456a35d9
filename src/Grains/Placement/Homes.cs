using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Exchange.Grains.Placement;

/// <summary>Where pinned symbols live; section <c>Cluster</c> of the settings.</summary>
public sealed class PinOptions
{
    /// <summary>Name of the silo for a symbol id; while that silo is not there the symbol is dealt out like all others.</summary>
    public Dictionary<long, string> PinnedSymbols { get; } = [];
}

/// <summary>Which silo a grain is to live on: the same answer on every silo that knows of the same silos.</summary>
/// <remarks>
/// Symbols and accounts count 0, 1, 2 …, so their remainder deals them out evenly; a symbol's book and mark have the same key and meet.
/// Orleans asks a silo for its traits once, as it joins, and if that fails not again: then they are learned from its own grain (<see cref="Settling"/>).
/// </remarks>
internal sealed class Homes(ISiloMetadataCache traits, IOptions<PinOptions> pins)
{
    private readonly ConcurrentDictionary<SiloAddress, Dictionary<string, string>> _learned = new();

    public bool Knows(SiloAddress silo) => TraitOf(silo, SiloTraits.Role) is not null;

    public void Learn(SiloAddress silo, string name, string role) => _learned[silo] = SiloTraits.Of(name, Enum.Parse<SiloRole>(role));

    /// <summary>Its grains may live there. A silo that has not told its role yet is none: its grains would have to move again.</summary>
    public bool IsEngine(SiloAddress silo) => TraitOf(silo, SiloTraits.Role) is nameof(SiloRole.All) or nameof(SiloRole.Engine);

    /// <summary>It serves clients.</summary>
    public bool IsEdge(SiloAddress silo) => TraitOf(silo, SiloTraits.Role) is nameof(SiloRole.All) or nameof(SiloRole.Edge);

    /// <param name="engines">At least one.</param>
    public SiloAddress Of(GrainId grain, IEnumerable<SiloAddress> engines)
    {
        // By endpoint: a restarted silo, which has another generation, keeps its place in the row.
        SiloAddress[] row = [.. engines.OrderBy(silo => silo.Endpoint.ToString(), StringComparer.Ordinal)];
        long key = grain.GetIntegerKey();
        bool isPinned = pins.Value.PinnedSymbols.TryGetValue(key, out string? name) && GrainTypes.IsOfSymbol(grain);
        SiloAddress? pinned = isPinned ? Array.Find(row, silo => TraitOf(silo, SiloTraits.Name) == name) : null;
        return pinned ?? row[(int)((ulong)key % (ulong)row.Length)];
    }

    private string? TraitOf(SiloAddress silo, string trait) => traits.GetSiloMetadata(silo).Metadata.TryGetValue(trait, out string? told) ? told
        : _learned.TryGetValue(silo, out Dictionary<string, string>? learned) ? learned[trait]
        : null;
}

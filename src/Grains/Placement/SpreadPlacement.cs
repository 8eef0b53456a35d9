using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Placement;

/// <summary>Grains are dealt out to the silos by their key, so that each silo gets as many; a pinned symbol goes where its setting says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SpreadAttribute() : PlacementAttribute(new SpreadPlacement());

/// <summary>See <see cref="SpreadAttribute"/>.</summary>
[GenerateSerializer]
public sealed class SpreadPlacement : PlacementStrategy;

/// <summary>Where pinned symbols live; section <c>Cluster</c> of the settings.</summary>
public sealed class PinOptions
{
    /// <summary>Name of the silo for a symbol id; while that silo is not there the symbol is dealt out like all others.</summary>
    public Dictionary<long, string> PinnedSymbols { get; } = [];
}

/// <remarks>
/// Symbols and accounts count 0, 1, 2 …, so their remainder deals them out evenly; a symbol's book and mark have the same key and
/// meet. Only where a grain is activated is decided here: a silo that comes up later gets grains as they are activated anew.
/// </remarks>
internal sealed class SpreadPlacementDirector(ISiloMetadataCache traits, IOptions<PinOptions> pins) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        // By endpoint: a restarted silo, which has another generation, keeps its place in the row.
        SiloAddress[] silos = [.. context.GetCompatibleSilos(target).OrderBy(silo => silo.Endpoint.ToString(), StringComparer.Ordinal)];
        long key = target.GrainIdentity.GetIntegerKey();
        bool isPinned = pins.Value.PinnedSymbols.TryGetValue(key, out string? name) && GrainTypes.IsOfSymbol(target.GrainIdentity);
        SiloAddress? pinned = isPinned
            ? Array.Find(silos, silo => traits.GetSiloMetadata(silo).Metadata.GetValueOrDefault(SiloTraits.Name) == name)
            : null;
        return Task.FromResult(pinned ?? silos[(int)((ulong)key % (ulong)silos.Length)]);
    }
}

using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Placement;

/// <summary>The grain lives on silos with the role of an engine only.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EngineSilosAttribute() : PlacementFilterAttribute(new EngineSilosFilter());

/// <summary>See <see cref="EngineSilosAttribute"/>.</summary>
public sealed class EngineSilosFilter() : PlacementFilterStrategy(order: 1);

internal sealed class EngineSilosFilterDirector(ISiloMetadataCache traits) : IPlacementFilterDirector
{
    /// <summary>A silo that has not told its role yet is none: its grains would have to move again.</summary>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(silo => traits.GetSiloMetadata(silo).Metadata.GetValueOrDefault(SiloTraits.Role)
            is nameof(SiloRole.All) or nameof(SiloRole.Engine));
}

using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Placement;

/// <summary>The grain lives on silos with the role of an engine only.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EngineSilosAttribute() : PlacementFilterAttribute(new EngineSilosFilter());

/// <summary>See <see cref="EngineSilosAttribute"/>.</summary>
public sealed class EngineSilosFilter() : PlacementFilterStrategy(order: 1);

internal sealed class EngineSilosFilterDirector(Homes homes) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(homes.IsEngine);
}

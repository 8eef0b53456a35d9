using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Placement;

/// <summary>The grain lives on silos that serve clients only: engines are for what decides.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EdgeSilosAttribute() : PlacementFilterAttribute(new EdgeSilosFilter());

/// <summary>See <see cref="EdgeSilosAttribute"/>.</summary>
public sealed class EdgeSilosFilter() : PlacementFilterStrategy(order: 1);

internal sealed class EdgeSilosFilterDirector(Homes homes) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(homes.IsEdge);
}

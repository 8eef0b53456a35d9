using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Silos;

/// <summary>The grain lives on the silo that its key names, or not at all.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnSiloAttribute() : PlacementAttribute(new OnSiloPlacement());

/// <summary>See <see cref="OnSiloAttribute"/>.</summary>
[GenerateSerializer]
public sealed class OnSiloPlacement : PlacementStrategy;

internal sealed class OnSiloPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silo = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : Task.FromException<SiloAddress>(new SiloUnavailableException($"Silo {silo} is gone."));
    }
}

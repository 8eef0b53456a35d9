using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Exchange.Grains.Placement;

/// <summary>Grains are dealt out to the silos by their key, so that each silo gets as many; a pinned symbol goes where its setting says.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SpreadAttribute() : PlacementAttribute(new SpreadPlacement());

/// <summary>See <see cref="SpreadAttribute"/>.</summary>
[GenerateSerializer]
public sealed class SpreadPlacement : PlacementStrategy;

/// <remarks>Only where a grain is activated is decided here; those that are active elsewhere when a silo joins are moved by <see cref="Settling"/>.</remarks>
internal sealed class SpreadPlacementDirector(Homes homes) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(homes.Of(target.GrainIdentity, context.GetCompatibleSilos(target)));
}

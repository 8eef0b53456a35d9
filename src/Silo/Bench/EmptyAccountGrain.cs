using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Orleans.Concurrency;

namespace Exchange.Silo.Bench;

/// <summary>A call through as many grains as an order's that does nothing: what Orleans alone takes.</summary>
public interface IEmptyAccountGrain : IGrainWithIntegerKey
{
    ValueTask Pass(NodeBatch batch, int symbol);
}

/// <summary>The second grain of the chain.</summary>
public interface IEmptyBookGrain : IGrainWithIntegerKey
{
    ValueTask Take(NodeBatch batch);
}

[Reentrant]
[EngineSilos]
[Spread]
internal sealed class EmptyAccountGrain : Grain, IEmptyAccountGrain
{
    public async ValueTask Pass(NodeBatch batch, int symbol) => await GrainFactory.GetGrain<IEmptyBookGrain>(symbol).Take(batch);
}

[Reentrant]
[EngineSilos]
[Spread]
internal sealed class EmptyBookGrain : Grain, IEmptyBookGrain
{
    public ValueTask Take(NodeBatch batch) => ValueTask.CompletedTask;
}

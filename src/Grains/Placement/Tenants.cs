using System.Collections.Concurrent;
using Exchange.Grains.Nodes;

namespace Exchange.Grains.Placement;

/// <summary>The nodes' grains that are active on this silo.</summary>
public sealed class Tenants
{
    private readonly ConcurrentDictionary<NodeGrain, GrainId> _active = new();

    internal int Count => _active.Count;

    internal KeyValuePair<NodeGrain, GrainId>[] All => [.. _active];

    internal void Add(NodeGrain grain) => _active[grain] = grain.GetGrainId();

    internal void Remove(NodeGrain grain) => _active.TryRemove(grain, out _);
}

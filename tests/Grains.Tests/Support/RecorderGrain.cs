using System.Runtime.CompilerServices;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Exchange.Grains.Tests.Support;

/// <summary>Remembers the numbers it was told; placed as the grains of the exchange are.</summary>
internal interface IRecorderGrain : INodeGrain
{
    ValueTask<List<ulong>> Numbers();

    ValueTask<SiloAddress> Silo();
}

[Reentrant]
[EngineSilos]
[Spread]
internal sealed class RecorderGrain(ILocalSiloDetails silo) : Grain, IRecorderGrain
{
    private readonly List<ulong> _numbers = [];

    public ValueTask Deliver(NodeBatch batch)
    {
        Recorders.Add(batch);
        foreach (NodeEnvelope envelope in batch.Envelopes)
            _numbers.Add(((ReportTakenMessage)envelope.Message).Number);
        return ValueTask.CompletedTask;
    }

    public ValueTask<List<ulong>> Numbers() => new(_numbers);

    public ValueTask<SiloAddress> Silo() => new(silo.SiloAddress);
}

/// <summary>Every batch that any recorder of this process was given, as the object it is.</summary>
internal static class Recorders
{
    private static readonly ConditionalWeakTable<NodeBatch, object> Given = [];

    public static void Add(NodeBatch batch) => Given.AddOrUpdate(batch, batch);

    public static bool Hold(NodeBatch batch) => Given.TryGetValue(batch, out _);
}

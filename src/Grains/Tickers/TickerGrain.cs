using Exchange.Core.Nodes;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Tickers;

/// <summary>The mark of one symbol in a cluster. All rules are <see cref="MarkNode"/>'s.</summary>
[GrainType(GrainTypes.Ticker)]
[Reentrant]
[EngineSilos]
[Spread]
[KeepAlive]
[Immovable]
public sealed class TickerGrain : JournaledGrain<MarkNode>, ITickerGrain
{
    public TickerGrain(NodeServices services)
        : base(services, NodeKind.Mark) => Node = new MarkNode(this, (int)Id.Key);

    internal override MarkNode Node { get; }
}

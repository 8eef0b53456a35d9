using Exchange.Core.Nodes;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Clearing;

/// <summary>Clearing in a cluster. All rules are <see cref="ClearingNode"/>'s.</summary>
[GrainType(GrainTypes.Clearing)]
[Reentrant]
[EngineSilos]
[Spread]
[KeepAlive]
[Immovable]
public sealed class ClearingGrain : JournaledGrain<ClearingNode>, IClearingGrain
{
    public ClearingGrain(NodeServices services)
        : base(services, NodeKind.Clearing)
    {
        Node = new ClearingNode(this);
        Market = new FundMarket(Node.House);
    }

    internal override ClearingNode Node { get; }

    private protected override MarketSource Market { get; }
}

using Exchange.Core.Nodes;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
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
public sealed partial class TickerGrain : JournaledGrain<MarkNode>, ITickerGrain
{
    public TickerGrain(NodeServices services)
        : base(services, NodeKind.Mark)
    {
        var market = new MarkMarket((int)Id.Key, services.Options.Views);
        Node = new MarkNode(this, (int)Id.Key, observer: market);
        Market = market;
    }

    internal override MarkNode Node { get; }

    private protected override MarketSource Market { get; }
}

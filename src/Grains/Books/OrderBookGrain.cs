using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Books;

/// <summary>The order book of one symbol in a cluster. All rules are <see cref="BookNode"/>'s and its book's.</summary>
[GrainType(GrainTypes.Book)]
[Reentrant]
[EngineSilos]
[Spread]
[KeepAlive]
[Immovable]
public sealed class OrderBookGrain : JournaledGrain<BookNode>, IOrderBookGrain
{
    private int _untilSample = VenueFigures.InputsPerSample;

    public OrderBookGrain(NodeServices services)
        : base(services, NodeKind.Book)
    {
        var market = new BookMarket((int)Id.Key, services.Options.Views, () => Node!.Book);
        Node = new BookNode(this, (int)Id.Key, observer: market);
        Market = market;
    }

    internal override BookNode Node { get; }

    public ValueTask<int> AdlQuintile(uint account, int leg) => new(Node.Book?.AdlQuintile(account, leg) ?? 0);

    private protected override MarketSource Market { get; }

    private protected override void Receive(NodeId from, NodeMessage message)
    {
        if (--_untilSample != 0)
        {
            base.Receive(from, message);
            return;
        }

        _untilSample = VenueFigures.InputsPerSample;
        long started = Services.Time.GetTimestamp();
        base.Receive(from, message);
        Services.Figures.SampleBook(Services.Time.GetElapsedTime(started));
    }
}

using Exchange.Core.Clearing;
using Exchange.Core.Wire;

namespace Exchange.Grains.Markets;

/// <summary>The insurance fund as readers see it: what is lent to a liquidation is in it until it is spent.</summary>
internal sealed class FundMarket(ClearingHouse clearing) : MarketSource
{
    public override long TimeMs => 0;

    public override long Held => clearing.FundE8 + clearing.GrantedE8;

    public override void Write(SnapshotWriter writer)
    {
    }

    public override void Read(SnapshotReader reader)
    {
    }
}

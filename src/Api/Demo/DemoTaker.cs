using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>Those who take: a few orders a step, more when the market is turbulent, with the last move and against what they hold.</summary>
/// <remarks>What stands on the wrong side of what the contract is worth, as a user's order may, is taken first: as at any venue.</remarks>
internal sealed class DemoTaker(DemoSymbol symbol, int seed)
{
    private const int DepthLevels = 20;
    private const int MostUsualHeld = 100;

    /// <param name="heldLots">By taker, in the order of <see cref="DemoHouse.Takers"/>.</param>
    public void Act(DemoDesk desk, long[] heldLots)
    {
        var dice = new DemoDice(seed, DemoPurpose.Taker, symbol.Id, desk.Step);
        Arbitrage(desk);
        int chance = Math.Clamp(20 + (symbol.Turbulence / 40), 20, 70);
        for (int i = 0; i < 3 && dice.Percent(chance); i++)
        {
            int taker = dice.Below(heldLots.Length);
            Side side = dice.Percent(ChanceToBuy(heldLots[taker])) ? Side.Buy : Side.Sell;
            long lots = Math.Max(symbol.Instrument.MinLots, (symbol.UsualLots << dice.Below(5)) * dice.Between(50, 150) / 1_600);
            if (dice.Percent(40))
                desk.Market(DemoHouse.Takers[taker], symbol.Id, side, lots);
            else
                desk.Limit(DemoHouse.Takers[taker], symbol.Id, side, Near(side, 5), lots, TimeInForce.Ioc);
        }
    }

    private int ChanceToBuy(long heldLots)
    {
        long limitLots = symbol.UsualLots * MostUsualHeld;
        long against = Math.Clamp(heldLots, -limitLots, limitLots) * 45 / limitLots;
        return (int)Math.Clamp(50 + (5 * Math.Sign(symbol.MoveTicks)) - against, 5, 95);
    }

    private void Arbitrage(DemoDesk desk)
    {
        DepthView depth = desk.Exchange.GetDepth(symbol.Id, DepthLevels);
        long edgeTicks = symbol.GapTicks / 2;
        Take(desk, Side.Sell, symbol.WorthTicks + edgeTicks, depth.Bids.Where(level => level.PriceTicks >= symbol.WorthTicks + edgeTicks));
        Take(desk, Side.Buy, symbol.WorthTicks - edgeTicks, depth.Asks.Where(level => level.PriceTicks <= symbol.WorthTicks - edgeTicks));
    }

    private void Take(DemoDesk desk, Side side, long limitTicks, IEnumerable<LevelView> offered)
    {
        long lots = Math.Min(offered.Sum(level => level.Lots), symbol.UsualLots * 20);
        if (lots >= symbol.Instrument.MinLots)
            desk.Limit(DemoHouse.Takers[0], symbol.Id, side, Math.Max(1, limitTicks), lots, TimeInForce.Ioc);
    }

    /// <summary>A limit so many cells beyond what the contract is worth.</summary>
    private long Near(Side side, int cells) => Math.Max(1, symbol.WorthTicks + ((side == Side.Buy ? cells : -cells) * symbol.GapTicks));
}

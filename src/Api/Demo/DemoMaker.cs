using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>A market maker: keeps a ladder of post-only orders on both sides of what the contract is worth to it.</summary>
/// <remarks>
/// Prices lie on a grid that does not move, one price a cell, so an index that stays in its cell changes nothing. Near cells are all
/// used, far ones every third. What it holds shifts its prices, by at most five cells, so that it gets rid of it; at its limit it quotes
/// one side only. It keeps no state: its open orders and its position are the venue's.
/// </remarks>
internal sealed class DemoMaker(DemoSymbol symbol, uint account, DemoOptions options)
{
    private const int NearLevels = 10;
    private const int FarEvery = 3;
    private const int MostUsualHeld = 300;
    private const int SpareLevels = 2;
    private OrderView[] _open = [];
    private long _worthTicks;
    private bool _bids = true;
    private bool _asks = true;

    private long HalfSpreadTicks => Math.Max(1, symbol.GapTicks / 4);

    /// <summary>Cancels what has become wrong: too near to what the contract is worth now, or too far away; and one more, to be placed anew.</summary>
    /// <param name="open">The account's open orders in the symbol.</param>
    /// <param name="heldLots">Its position, signed.</param>
    public void Cancel(DemoDesk desk, OrderView[] open, long heldLots)
    {
        long limitLots = symbol.UsualLots * MostUsualHeld;
        long shiftTicks = Math.Clamp(heldLots, -limitLots, limitLots) * 5 * symbol.GapTicks / limitLots;
        _worthTicks = Math.Max(1, symbol.WorthTicks - shiftTicks);
        _bids = heldLots < limitLots;
        _asks = heldLots > -limitLots;

        var dice = new DemoDice(options.Seed, DemoPurpose.Maker, account + ((long)symbol.Id << 32), desk.Step);
        int refreshed = open.Length == 0 ? -1 : dice.Below(open.Length);
        var kept = new List<OrderView>(open.Length);
        for (int i = 0; i < open.Length; i++)
        {
            if (i == refreshed || !IsGood(open[i]))
                desk.Cancel(open[i]);
            else
                kept.Add(open[i]);
        }

        _open = [.. kept];
    }

    /// <summary>Places what is missing, the nearest first, both sides in turn.</summary>
    /// <param name="most">No more than so many; the rest comes with the next steps.</param>
    /// <returns>How many were placed.</returns>
    public int Place(DemoDesk desk, int most)
    {
        HashSet<long> taken = [.. _open.Select(order => order.PriceTicks)];
        long[] bids = _bids ? Ladder(Side.Buy) : [];
        long[] asks = _asks ? Ladder(Side.Sell) : [];
        int placed = 0;
        for (int level = 0; level < options.Levels; level++)
        {
            foreach ((Side side, long[] ladder) in new[] { (Side.Buy, bids), (Side.Sell, asks) })
            {
                if (placed == most || level >= ladder.Length || !taken.Add(ladder[level]))
                    continue;
                desk.Limit(account, symbol.Id, side, ladder[level], LotsOf(desk.Step, ladder[level], level), TimeInForce.Gtx);
                placed++;
            }
        }

        return placed;
    }

    /// <summary>Neither so near that it would be a gift, nor beyond the ladder's end.</summary>
    private bool IsGood(OrderView order)
    {
        long awayTicks = order.Side == Side.Buy ? _worthTicks - order.PriceTicks : order.PriceTicks - _worthTicks;
        return awayTicks >= HalfSpreadTicks / 2 && awayTicks <= FarthestTicks;
    }

    private long FarthestTicks
    {
        get
        {
            int near = Math.Min(options.Levels, NearLevels);
            return (near + ((options.Levels - near + SpareLevels) * FarEvery)) * symbol.GapTicks;
        }
    }

    /// <summary>The prices it wants on a side, best first.</summary>
    private long[] Ladder(Side side)
    {
        int direction = side == Side.Buy ? -1 : 1;
        long nearest = _worthTicks + (direction * HalfSpreadTicks);
        var prices = new List<long>(options.Levels);
        for (long cell = Math.Max(0, nearest / symbol.GapTicks); prices.Count < options.Levels && cell >= 0; cell += direction)
        {
            long price = PriceIn(cell);
            bool isBeyond = direction * (price - nearest) >= 0;
            if (isBeyond && price > 0 && (prices.Count < NearLevels || cell % FarEvery == 0))
                prices.Add(price);
        }

        return [.. prices];
    }

    /// <summary>Where in a cell of the grid this maker quotes: always at the same place.</summary>
    private long PriceIn(long cell) =>
        (cell * symbol.GapTicks) + new DemoDice(options.Seed, DemoPurpose.Level, account + ((long)symbol.Id << 32), cell).Below((int)symbol.GapTicks);

    /// <summary>Deeper levels are larger.</summary>
    private long LotsOf(long step, long priceTicks, int level)
    {
        var dice = new DemoDice(options.Seed, DemoPurpose.Maker, account + priceTicks, step);
        return Math.Max(symbol.Instrument.MinLots, symbol.UsualLots * dice.Between(20, 180) * (4 + level) / 800);
    }
}

using System.Numerics;
using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Section 5 once more, order by order in big integers, as it is written.</summary>
internal sealed class PlainMargin(RandomAccount world)
{
    private MarginAccount Account => world.Account;

    public BigInteger RequiredE8(int symbol)
    {
        (BigInteger total, BigInteger position) = TotalE8(symbol);
        return Account.MarginModeOf(symbol) == MarginMode.Cross ? total : total - position;
    }

    public BigInteger ReservedE8(int symbol)
    {
        (BigInteger total, BigInteger position) = TotalE8(symbol);
        return total - position;
    }

    public BigInteger AvailableE8()
    {
        BigInteger free = Account.WalletE8 + CrossUnrealisedE8();
        for (int symbol = 0; symbol < world.Symbols; symbol++)
            free -= RequiredE8(symbol);
        return BigInteger.Max(0, free);
    }

    public BigInteger WithdrawableE8()
    {
        BigInteger free = Account.WalletE8 + BigInteger.Min(0, CrossUnrealisedE8());
        for (int symbol = 0; symbol < world.Symbols; symbol++)
            free -= RequiredE8(symbol);
        return BigInteger.Max(0, free);
    }

    public BigInteger CrossEquityE8() => Account.WalletE8 + CrossUnrealisedE8();

    public BigInteger CrossMaintenanceE8()
    {
        BigInteger sum = 0;
        for (int symbol = 0; symbol < world.Symbols; symbol++)
        {
            if (Account.MarginModeOf(symbol) == MarginMode.Cross)
                sum += MaintenanceE8(symbol, 0) + MaintenanceE8(symbol, 1);
        }

        return sum;
    }

    public bool IsUnder()
    {
        bool hasCross = false;
        for (int symbol = 0; symbol < world.Symbols; symbol++)
        {
            for (int leg = 0; leg < 2; leg++)
            {
                if (Account.PositionOf(symbol, leg).Lots == 0)
                    continue;
                if (Account.MarginModeOf(symbol) == MarginMode.Cross)
                    hasCross = true;
                else if (IsolatedEquityE8(symbol, leg) <= MaintenanceE8(symbol, leg))
                    return true;
            }
        }

        return hasCross && CrossEquityE8() <= CrossMaintenanceE8();
    }

    /// <summary>5.7, order by order.</summary>
    public bool IsPayable()
    {
        BigInteger sum = 0;
        BigInteger isolatedRequired = 0;
        for (int symbol = 0; symbol < world.Symbols; symbol++)
        {
            bool isIsolated = Account.MarginModeOf(symbol) == MarginMode.Isolated;
            if (isIsolated)
                isolatedRequired += RequiredE8(symbol);
            for (int leg = 0; leg < 2; leg++)
            {
                long lots = Account.PositionOf(symbol, leg).Lots;
                BigInteger buys = LossE8(symbol, leg, Side.Buy);
                BigInteger sells = LossE8(symbol, leg, Side.Sell);
                if (!isIsolated || lots == 0)
                {
                    sum += BigInteger.Max(buys, sells);
                    continue;
                }

                Side againstSide = lots > 0 ? Side.Sell : Side.Buy;
                BigInteger against = lots > 0 ? sells : buys;
                BigInteger with = lots > 0 ? buys : sells;
                long opening = OrdersOf(symbol, leg, againstSide).Where(o => !o.Terms.IsReducing).Sum(o => o.LeavesLots);
                if (against > 0 && against > IsolatedEquityE8(symbol, leg))
                    return false;
                sum += opening > Math.Abs(lots) ? BigInteger.Max(with, against) : with;
            }
        }

        return (sum == 0 && isolatedRequired == 0) || sum <= CrossEquityE8() - isolatedRequired;
    }

    private IEnumerable<PlainOrder> OrdersOf(int symbol, int leg, Side side) =>
        world.Orders.Where(o => o.Terms.Symbol == symbol && o.Terms.PositionSide.Leg() == leg && o.Terms.Side == side);

    private BigInteger LossE8(int symbol, int leg, Side side)
    {
        Instrument instrument = world.Market[symbol].Instrument;
        long mark = world.Market[symbol].MarkTicks;
        BigInteger sum = 0;
        foreach (PlainOrder order in OrdersOf(symbol, leg, side))
        {
            if (order.IsWaiting && order.Terms.IsReducing)
                continue;
            long worst = order.Terms.Type.IsMarketType() ? instrument.ProtectionTicks(side, mark) : order.Terms.PriceTicks;
            long lots = order.Terms.IsReducing
                ? Math.Min(order.LeavesLots, Account.PositionOf(symbol, leg).SizeLots)
                : order.LeavesLots;
            sum += BigInteger.Max(0, (worst - mark) * side.Sign()) * lots * instrument.UnitE8;
        }

        return sum;
    }

    private (BigInteger Total, BigInteger Position) TotalE8(int symbol)
    {
        BigInteger unit = world.Market[symbol].Instrument.UnitE8;
        BigInteger mark = world.Market[symbol].MarkTicks;
        BigInteger leverage = Account.LeverageOf(symbol);
        BigInteger n0 = Account.PositionOf(symbol, 0).Lots * mark * unit;
        BigInteger n1 = Account.PositionOf(symbol, 1).Lots * mark * unit;
        BigInteger buys = 0;
        BigInteger sells = 0;
        foreach (PlainOrder order in world.Orders.Where(o => o.Terms.Symbol == symbol && !o.Terms.IsReducing))
        {
            BigInteger value = order.ReserveTicks * (BigInteger)order.LeavesLots * unit;
            if (order.Terms.Side == Side.Buy)
                buys += value;
            else
                sells += value;
        }

        BigInteger position = Ceil(BigInteger.Abs(n0), leverage) + Ceil(BigInteger.Abs(n1), leverage);
        if (Account.IsHedge)
            return (Ceil(BigInteger.Abs(n0) + buys, leverage) + Ceil(BigInteger.Abs(n1) + sells, leverage), position);
        if (Account.MarginModeOf(symbol) == MarginMode.Isolated && n0 != 0)
            return (Ceil(BigInteger.Abs(n0) + buys + sells, leverage), position);
        return (Ceil(BigInteger.Max(BigInteger.Abs(n0 + buys), BigInteger.Abs(n0 - sells)), leverage), position);
    }

    private BigInteger CrossUnrealisedE8()
    {
        BigInteger sum = 0;
        for (int symbol = 0; symbol < world.Symbols; symbol++)
        {
            if (Account.MarginModeOf(symbol) == MarginMode.Cross)
                sum += UnrealisedE8(symbol, 0) + UnrealisedE8(symbol, 1);
        }

        return sum;
    }

    private BigInteger IsolatedEquityE8(int symbol, int leg) =>
        Account.PositionOf(symbol, leg).IsolatedE8 + UnrealisedE8(symbol, leg);

    private BigInteger UnrealisedE8(int symbol, int leg)
    {
        PositionLeg position = Account.PositionOf(symbol, leg);
        BigInteger worth = (BigInteger)world.Market[symbol].MarkTicks * position.Lots * world.Market[symbol].Instrument.UnitE8;
        return worth - (Math.Sign(position.Lots) * (BigInteger)position.CostE8);
    }

    private BigInteger MaintenanceE8(int symbol, int leg)
    {
        Instrument instrument = world.Market[symbol].Instrument;
        BigInteger notional = (BigInteger)world.Market[symbol].MarkTicks * Account.PositionOf(symbol, leg).SizeLots * instrument.UnitE8;
        foreach (LeverageBracket bracket in instrument.Brackets)
        {
            if (notional <= bracket.CapE8)
                return Ceil(notional * bracket.MaintenanceRateE8, 100_000_000) - bracket.DeductionE8;
        }

        LeverageBracket last = instrument.Brackets[^1];
        return Ceil(notional * last.MaintenanceRateE8, 100_000_000) - last.DeductionE8;
    }

    private static BigInteger Ceil(BigInteger value, BigInteger divisor) => BigInteger.Divide(value + divisor - 1, divisor);
}

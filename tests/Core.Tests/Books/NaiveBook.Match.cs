using System.Numerics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Matching, self-trade prevention, reduce-only, positions (docs/rules/matching.md 3.1 to 3.5, positions.md).
internal sealed partial class NaiveBook
{
    private static readonly BigInteger One = 100_000_000;

    /// <summary>Takes what it may, then rests or expires by its time in force.</summary>
    private void Enter(NaiveOrder taker, long limitTicks)
    {
        while (taker.Leaves > 0 && Best(taker.Side.Opposite()) is { } maker && IsWithin(taker.Side, maker.PriceTicks, limitTicks))
        {
            if (maker.Account != taker.Account)
            {
                Trade(taker, maker);
                continue;
            }

            if (taker.Terms.Stp is SelfTradePrevention.ExpireMaker or SelfTradePrevention.ExpireBoth)
                End(maker, EndReason.Stp);
            if (taker.Terms.Stp is SelfTradePrevention.ExpireTaker or SelfTradePrevention.ExpireBoth)
            {
                End(taker, EndReason.Stp);
                return;
            }
        }

        if (taker.Leaves == 0)
            Settle(taker, OrderStatus.Filled, EndReason.None);
        else if (taker.Terms.Type.IsMarketType())
            End(taker, EndReason.Market);
        else if (taker.Terms.TimeInForce == TimeInForce.Ioc)
            End(taker, EndReason.Ioc);
        else
            Rest(taker);
    }

    private void Rest(NaiveOrder order)
    {
        order.Phase = NaivePhase.Resting;
        order.Arrival = ++_lastArrival;
    }

    private static bool IsWithin(Side takerSide, long priceTicks, long limitTicks) =>
        takerSide == Side.Buy ? priceTicks <= limitTicks : priceTicks >= limitTicks;

    private static long Tighter(Side side, long a, long b) => side == Side.Buy ? Math.Min(a, b) : Math.Max(a, b);

    /// <summary>How far a placed order takes: its limit; for a market order protection and worst price, the tighter.</summary>
    private long TakingLimit(NaiveOrder order)
    {
        if (order.Terms.Type != OrderType.Market)
            return order.PriceTicks;
        long protection = ProtectionPrice(order.Side);
        return order.WorstTicks == 0 ? protection : Tighter(order.Side, protection, order.WorstTicks);
    }

    private long ProtectionPrice(Side side) => side == Side.Buy
        ? (long)Floor(MarkTicks * (One + instrument.MarketBoundE8), One)
        : (long)BigInteger.Max(1, Ceiling(MarkTicks * (One - instrument.MarketBoundE8), One));

    private void Trade(NaiveOrder taker, NaiveOrder maker)
    {
        long lots = Math.Min(taker.Leaves, maker.Leaves);
        long price = maker.PriceTicks;
        NaiveAccount takerAccount = _accounts[taker.Account];
        NaiveAccount makerAccount = _accounts[maker.Account];
        PayFunding(takerAccount);
        PayFunding(makerAccount);

        taker.Filled += lots;
        maker.Filled += lots;
        ChangePosition(takerAccount, taker.Terms.PositionSide, taker.Side, lots, price);
        ChangePosition(makerAccount, maker.Terms.PositionSide, maker.Side, lots, price);
        _tradeCount++;
        Emit(taker.Account, FillEvent(taker, price, lots, maker.Id, BookEventFlags.None));
        Emit(maker.Account, FillEvent(maker, price, lots, taker.Id, BookEventFlags.Maker));
        if (maker.Leaves == 0)
            Settle(maker, OrderStatus.Filled, EndReason.None);
        SetLast(price);
        TrimAfterChange(takerAccount, makerAccount);
    }

    private BookEvent FillEvent(NaiveOrder order, long price, long lots, ulong otherId, BookEventFlags flags)
    {
        BookEvent e = OrderEvent(order, BookEventKind.Fill);
        e.Flags |= flags;
        e.PriceTicks = price;
        e.Lots = lots;
        e.OtherId = otherId;
        e.Amount = _tradeCount;
        return e;
    }

    /// <summary>What an order of this side could close of the position it acts on.</summary>
    private static long Reducible(NaiveAccount account, Side side, int leg) =>
        Math.Max(0, side == Side.Sell ? account.Lots[leg] : -account.Lots[leg]);

    private static long Reducible(NaiveAccount account, NaiveOrder order) => Reducible(account, order.Side, order.Leg);

    /// <summary>Resting reducing orders never exceed the position: by account, in each by order id.</summary>
    private void TrimAfterChange(NaiveAccount one, NaiveAccount other)
    {
        foreach (NaiveAccount account in new[] { one, other }.Distinct().OrderBy(a => a.Id))
        {
            foreach (NaiveOrder order in OrdersOf(account.Id).Where(o => o.IsResting && o.IsReducing))
            {
                long reducible = Reducible(account, order);
                if (reducible == 0)
                    End(order, EndReason.ReduceOnly);
                else
                    TrimTo(order, reducible);
            }
        }
    }

    /// <summary>Cost is the sum of price times lots of what is open; a part closed takes its share, rounded down.</summary>
    private void ChangePosition(NaiveAccount account, PositionSide held, Side side, long lots, long price)
    {
        int leg = held.Leg();
        account.HeldAs[leg] = held;
        long before = account.Lots[leg];
        long closed = Math.Min(lots, Reducible(account, side, leg));
        if (closed > 0)
            account.CostE8[leg] -= (long)Floor((BigInteger)account.CostE8[leg] * closed, Math.Abs(before));
        account.CostE8[leg] += (long)Notional(price, lots - closed);
        account.Lots[leg] = before + side.Sign() * lots;
    }

    private BigInteger Notional(long priceTicks, long lots) => (BigInteger)priceTicks * lots * instrument.UnitE8;

    /// <summary>Toward minus infinity; the divisor is positive.</summary>
    private static BigInteger Floor(BigInteger numerator, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, divisor, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger Ceiling(BigInteger numerator, BigInteger divisor) => -Floor(-numerator, divisor);
}

using System.Numerics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Conditional orders (docs/rules/matching.md 3.6, 3.9).
internal sealed partial class NaiveBook
{
    private readonly Queue<NaiveOrder> _met = new();
    private ulong _markNumber;

    private void SetMark(BookInput input)
    {
        if (input.Number != 0 && input.Number <= _markNumber)
            return; // Overtaken by a newer one.
        _markNumber = input.Number;
        MarkTicks = input.PriceTicks;
        Judge(MarkTicks, isMark: true);
    }

    private void SetLast(long priceTicks)
    {
        LastTicks = priceTicks;
        Judge(priceTicks, isMark: false);
    }

    /// <summary>Every price of its working type is judged for every waiting order; those met join the queue by id.</summary>
    private void Judge(long priceTicks, bool isMark)
    {
        foreach (NaiveOrder order in _open
            .Where(o => o.Phase == NaivePhase.Waiting && o.Terms.Has(OrderFlags.WorkingMark) == isMark)
            .OrderBy(o => o.Id).ToList())
        {
            bool isMet = order.Terms.Type == OrderType.TrailingStopMarket
                ? Trails(order, priceTicks)
                : Reaches(order.Terms, priceTicks);
            if (!isMet || (order.Terms.Has(OrderFlags.PriceProtect) && MarkAndLastAreFarApart()))
                continue;
            order.Phase = NaivePhase.Met;
            _met.Enqueue(order);
        }
    }

    private long WorkingPrice(OrderTerms terms) => terms.Has(OrderFlags.WorkingMark) ? MarkTicks : LastTicks;

    /// <summary>A stop follows the market away, a take-profit fetches what the market brings.</summary>
    private static bool Reaches(OrderTerms terms, long priceTicks)
    {
        bool isTakeProfit = terms.Type is OrderType.TakeProfit or OrderType.TakeProfitMarket;
        return (terms.Side == Side.Buy) != isTakeProfit ? priceTicks >= terms.StopTicks : priceTicks <= terms.StopTicks;
    }

    /// <summary>Moves a trailing stop on by one price and says whether it fires.</summary>
    private static bool Trails(NaiveOrder order, long priceTicks)
    {
        OrderTerms terms = order.Terms;
        bool isSell = order.Side == Side.Sell;
        if (order.BestSeenTicks == 0)
        {
            Activate(order, priceTicks);
            return false;
        }

        order.BestSeenTicks = isSell ? Math.Max(order.BestSeenTicks, priceTicks) : Math.Min(order.BestSeenTicks, priceTicks);
        return isSell
            ? priceTicks <= Floor(order.BestSeenTicks * (One - terms.CallbackRateE8), One)
            : priceTicks >= Ceiling(order.BestSeenTicks * (One + terms.CallbackRateE8), One);
    }

    /// <summary>A trailing stop follows from the price that reaches its activation price; without one, from the first it sees.</summary>
    private static void Activate(NaiveOrder order, long priceTicks)
    {
        OrderTerms terms = order.Terms;
        bool isReached = !terms.Has(OrderFields.Activation)
            || (order.Side == Side.Sell ? priceTicks >= terms.ActivationTicks : priceTicks <= terms.ActivationTicks);
        if (isReached)
            order.BestSeenTicks = priceTicks;
    }

    private bool MarkAndLastAreFarApart() => LastTicks != 0 && MarkTicks != 0 && instrument.TriggerProtectE8 != 0
        && Math.Abs(MarkTicks - LastTicks) * One > (BigInteger)MarkTicks * instrument.TriggerProtectE8;

    private void WorkTriggers()
    {
        while (_met.TryDequeue(out NaiveOrder? order))
        {
            if (_open.Contains(order)) // It may have been canceled meanwhile.
                Start(order);
        }
    }

    private void Start(NaiveOrder order)
    {
        NaiveAccount account = _accounts[order.Account];
        long reducible = Reducible(account, order);
        if (order.Terms.Has(OrderFlags.ClosePosition))
            order.Total = reducible;
        order.Phase = NaivePhase.Taking;
        EmitOrder(order, BookEventKind.Triggered);

        if (order.IsReducing && reducible == 0)
        {
            End(order, EndReason.ReduceOnly);
            return;
        }

        if (order.IsReducing)
            TrimTo(order, reducible);

        long limit = order.Terms.Type.HasLimit() ? order.PriceTicks : ProtectionPrice(order.Side);
        if (reducible > 0) // It closes something, reduce-only or not.
        {
            long bankruptcy = BankruptcyPrice(account, order.Leg);
            bool isWorse = !IsWithin(order.Side, limit, bankruptcy);
            if (isWorse && order.Terms.Type.HasLimit())
            {
                End(order, EndReason.Bankruptcy);
                return;
            }

            limit = Tighter(order.Side, limit, bankruptcy);
        }

        if (order.Terms.TimeInForce == TimeInForce.Gtx && Crosses(order.Side, limit))
            End(order, EndReason.PostOnly);
        else
            Enter(order, limit);
    }

    /// <summary>The price at which closing the whole position leaves the pool with nothing, by its last reported equity.</summary>
    private long BankruptcyPrice(NaiveAccount account, int leg)
    {
        long lots = Math.Abs(account.Lots[leg]);
        BigInteger value = Notional(MarkTicks, lots);
        BigInteger perTick = Notional(1, lots);
        BigInteger fee = instrument.MakerRateE8 < 0 ? instrument.TakerRateE8 : 0; // Where there are rebates a closer pays his fee.
        BigInteger price = account.Lots[leg] > 0
            ? Ceiling((value - account.EquityE8[leg]) * One, perTick * (One - fee))
            : Floor((value + account.EquityE8[leg]) * One, perTick * (One + fee));
        return (long)BigInteger.Max(1, price);
    }
}

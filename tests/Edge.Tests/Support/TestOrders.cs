using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Tests.Support;

/// <summary>Orders as the venue would tell them.</summary>
internal static class TestOrders
{
    public static OrderView From(in Command command, ulong orderId)
    {
        OrderTerms terms = command.Terms;
        return new OrderView(
            orderId, command.Account, command.Symbol, command.ClientId.Text(), terms.Side, terms.Type, terms.TimeInForce, terms.Stp,
            terms.PositionSide, terms.Flags, terms.PriceTicks, terms.StopTicks, terms.ActivationTicks, terms.CallbackRateE8, terms.GtdMs,
            terms.Lots, 0, 0, terms.Type.IsConditional() ? OrderStatus.Waiting : OrderStatus.New, EndReason.None, ManualTime.StartMs,
            ManualTime.StartMs);
    }

    /// <summary>A resting buy of 0.003 at 30000.1 of account 7.</summary>
    public static OrderView Resting(ulong orderId, string clientOrderId = "mine", int symbol = 0) => new(
        orderId, 7, symbol, clientOrderId, Side.Buy, OrderType.Limit, TimeInForce.Gtc, SelfTradePrevention.ExpireMaker, PositionSide.Both,
        OrderFlags.None, 300_001, 0, 0, 0, 0, 3, 0, 0, OrderStatus.New, EndReason.None, ManualTime.StartMs, ManualTime.StartMs);
}

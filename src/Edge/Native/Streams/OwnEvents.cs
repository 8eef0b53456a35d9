using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>What an event of the feed says about an account's order or fill.</summary>
internal static class OwnEvents
{
    /// <summary>An order as the event left it; what cannot have changed is taken from the order as it now stands.</summary>
    public static OrderView Then(in FeedEvent happened, OrderView now)
    {
        bool isAccepted = happened.Kind == FeedKind.OrderAccepted;
        OrderStatus status = happened.Status != OrderStatus.None ? happened.Status
            : now.Type.IsConditional() ? OrderStatus.Waiting : OrderStatus.New;
        long filledLots = isAccepted ? 0 : happened.Other;
        return now with
        {
            Status = status,
            Reason = isAccepted ? EndReason.None : (EndReason)happened.Reason,
            TotalLots = happened.Lots,
            FilledLots = filledLots,
            FilledNotionalE8 = filledLots == now.FilledLots ? now.FilledNotionalE8 : 0,
            PriceTicks = happened.PriceTicks != 0 ? happened.PriceTicks : now.PriceTicks,   // 0: as it was.
            UpdatedMs = happened.TimeMs,
        };
    }

    public static FillView Fill(in FeedEvent happened) => new(
        (ulong)happened.Other, happened.Id, happened.Account, happened.Symbol, happened.Side, happened.PositionSide, happened.PriceTicks,
        happened.Lots, happened.Amount, happened.Money, (happened.Flags & 1) != 0, (happened.Flags & 2) != 0, (happened.Flags & 4) != 0,
        happened.TimeMs, happened.Sequence);
}

using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

// Events of books: what became of orders, fills, what liquidations and funding did to an account.
internal sealed partial class EventTeller
{
    private void TellBook(in EngineEvent e, OrderType placed)
    {
        switch (e.Book.Kind)
        {
            case BookEventKind.Fill: TellFill(in e); break;
            case BookEventKind.Accepted: TellAccepted(in e, placed); break;
            case BookEventKind.Triggered or BookEventKind.Trimmed or BookEventKind.Amended when TellsAccounts:
                TellOrder(in e, e.Book.Lots, e.Book.Lots - e.Book.LeavesLots, Open(e.Book.Lots - e.Book.LeavesLots)).PriceTicks =
                    e.Book.PriceTicks;
                break;
            case BookEventKind.Canceled: TellEnd(in e, OrderStatus.Canceled); break;
            case BookEventKind.Expired: TellEnd(in e, OrderStatus.Expired); break;
            case BookEventKind.Funding: TellEffects(in e, BalanceCause.Funding); break;
            case BookEventKind.Liquidation: TellLiquidation(in e); break;
            case BookEventKind.Adl:
                TellFillOf(in e, FeedFlags.Adl);
                TellEffects(in e, BalanceCause.Adl);
                break;
            case BookEventKind.Settled:
                TellFillOf(in e, FeedFlags.Settlement);
                TellEffects(in e, BalanceCause.Settlement);
                break;
            case BookEventKind.Insurance:
                TellFund(e.Book.Account, e.Symbol, -e.Book.Amount);
                TellEffects(in e, BalanceCause.Liquidation);
                break;
            case BookEventKind.Closed: TellEffects(in e, BalanceCause.Liquidation); break;
            default: break;
        }
    }

    private static OrderStatus Open(long filledLots) => filledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;

    private void TellAccepted(in EngineEvent e, OrderType placed)
    {
        if (!TellsAccounts)
            return;
        ref FeedEvent told = ref Add(FeedKind.OrderAccepted, e.Symbol, e.Book.Account);
        told.Id = e.Book.OrderId;
        told.Side = e.Book.Side;
        told.PositionSide = e.Book.PositionSide;
        told.Status = placed.IsConditional() ? OrderStatus.Waiting : OrderStatus.New;
        told.PriceTicks = e.Book.PriceTicks;
        told.Lots = e.Book.Lots;
    }

    private void TellFill(in EngineEvent e)
    {
        ref readonly BookEvent fill = ref e.Book;
        bool isLiquidation = fill.Has(BookEventFlags.Liquidation);
        bool isMaker = fill.Has(BookEventFlags.Maker);
        TellFillOf(in e, isMaker ? FeedFlags.Maker : FeedFlags.None);
        if (fill.OrderId != 0 && TellsAccounts)
        {
            long totalLots = e.Change.OrderTotalLots;
            TellOrder(in e, totalLots, totalLots - fill.LeavesLots, fill.LeavesLots == 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled);
        }

        if (!isMaker && TellsMarkets)
        {
            ref FeedEvent trade = ref Add(FeedKind.Trade, e.Symbol, 0);
            trade.Id = (ulong)fill.Amount;
            trade.Side = fill.Side;
            trade.PriceTicks = fill.PriceTicks;
            trade.Lots = fill.Lots;
            trade.Flags = isLiquidation ? FeedFlags.Liquidation : FeedFlags.None;
        }

        TellEffects(in e, isLiquidation ? BalanceCause.Liquidation : BalanceCause.Fill);
    }

    /// <summary>The account's side; "part of a liquidation" only on the liquidated account's, whose fill is no order's.</summary>
    private void TellFillOf(in EngineEvent e, FeedFlags flags)
    {
        if (!TellsAccounts)
            return;
        ref readonly BookEvent fill = ref e.Book;
        ref FeedEvent told = ref Add(FeedKind.Fill, e.Symbol, fill.Account);
        told.Id = fill.OrderId;
        told.Other = fill.Amount; // Trade id; an ADL's is 0.
        told.Side = fill.Side;
        told.PositionSide = fill.PositionSide;
        told.PriceTicks = fill.PriceTicks;
        told.Lots = fill.Lots;
        told.Amount = e.Change.FeeE8;
        told.Money = e.Change.RealisedE8;
        told.Flags = fill.Has(BookEventFlags.Liquidation) ? flags | FeedFlags.Liquidation : flags;
    }

    private void TellEnd(in EngineEvent e, OrderStatus status)
    {
        if (!TellsAccounts)
            return;
        long totalLots = e.Change.OrderTotalLots;
        ref FeedEvent told = ref TellOrder(in e, totalLots, totalLots - e.Book.Lots, status);
        told.Reason = (byte)e.Book.Reason;
        told.PriceTicks = e.Book.PriceTicks;
    }

    /// <summary>The price is left 0, "as it was": a fill's is the trade's.</summary>
    private ref FeedEvent TellOrder(in EngineEvent e, long totalLots, long filledLots, OrderStatus status)
    {
        ref FeedEvent told = ref Add(FeedKind.OrderUpdated, e.Symbol, e.Book.Account);
        told.Id = e.Book.OrderId;
        told.Side = e.Book.Side;
        told.PositionSide = e.Book.PositionSide;
        told.Status = status;
        told.Lots = totalLots;
        told.Other = filledLots;
        return ref told;
    }

    private void TellLiquidation(in EngineEvent e)
    {
        if (!TellsMarkets)
            return;
        ref FeedEvent told = ref Add(FeedKind.Liquidation, e.Symbol, e.Book.Account);
        told.Id = e.Book.OrderId;
        told.Other = e.Book.LeavesLots;
        told.Side = e.Book.Side;
        told.PositionSide = e.Book.PositionSide;
        told.PriceTicks = e.Book.PriceTicks;
        told.Lots = e.Book.Lots;
        told.Flags = FeedFlags.Liquidation;
    }

    private void TellEffects(in EngineEvent e, BalanceCause cause)
    {
        if (!TellsAccounts)
            return;
        if (e.Change.IsPositionChanged)
            TellPosition(in e, cause);
        TellBalance(in e, cause, e.Change.WalletDeltaE8);
    }
}

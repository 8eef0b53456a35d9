using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// What happened, into the outboxes. The frequent events write each field once, so a slot's stale contents need no clearing.
public sealed partial class OrderBook
{
    /// <summary>An event with number, account and time; the caller writes every other field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref BookEvent Begin(ref BookAccount account)
    {
        ref BookEvent e = ref _outboxes.Append(ref account);
        _output.AddEvent(ref e);
        ulong number = unchecked(account.LastNumber + 1);
        account.LastNumber = number;
        e.Number = number;
        e.Account = account.Account;
        e.TimeMs = _timeMs;
        if (account.OutboxCount >= OutboxPerAccount)
            NoteOverOutbox(ref account);
        return ref e;
    }

    /// <summary>An event whose OrderId, prices and lots the caller sets; the rest is nothing unless it sets that too.</summary>
    private ref BookEvent Emit(ref BookAccount account, BookEventKind kind)
    {
        ref BookEvent e = ref Begin(ref account);
        e.Kind = kind;
        e.Flags = BookEventFlags.None;
        e.Reason = EndReason.None;
        e.PositionSide = PositionSide.Both;
        e.OtherId = 0;
        e.Amount = 0;
        e.MarkTicks = _markTicks;
        return ref e;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EmitAccepted(
        ref BookAccount account, ulong id, Side side, PositionSide positionSide, long price, long lots, in BookInput input)
    {
        ref BookEvent e = ref Begin(ref account);
        e.Kind = BookEventKind.Accepted;
        e.Flags = FlagOf(side);
        e.Reason = EndReason.None;
        e.PositionSide = positionSide;
        e.OrderId = id;
        e.PriceTicks = price;
        e.Lots = lots;
        e.LeavesLots = lots;
        e.OtherId = input.CommandKey;
        e.Amount = input.ReserveTicks;
        e.MarkTicks = input.WorstTicks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EmitEnded(ref BookAccount account, in Order order, EndReason reason)
    {
        ref BookEvent e = ref Begin(ref account);
        e.Kind = reason.IsCanceled() ? BookEventKind.Canceled : BookEventKind.Expired;
        e.Flags = FlagOf(order.Side);
        e.Reason = reason;
        e.PositionSide = order.PositionSide;
        e.OrderId = order.Id;
        e.PriceTicks = order.PriceTicks;
        e.Lots = order.Leaves;
        e.LeavesLots = 0;
        e.OtherId = 0;
        e.Amount = 0;
        e.MarkTicks = _markTicks;
    }

    /// <summary>Trimmed, Triggered, Amended: the order as it now is.</summary>
    private ref BookEvent EmitOrder(ref BookAccount account, BookEventKind kind, in Order order)
    {
        ref BookEvent e = ref Emit(ref account, kind);
        e.Flags = FlagOf(order.Side);
        e.PositionSide = order.PositionSide;
        e.OrderId = order.Id;
        e.PriceTicks = order.PriceTicks;
        e.Lots = order.TotalLots;
        e.LeavesLots = order.Leaves;
        return ref e;
    }

    private void EmitFills(
        ref BookAccount takerAccount, ref BookAccount makerAccount, in Taker taker, in Order maker, long price, long lots)
    {
        BookEventFlags side = FlagOf(taker.Side);
        BookEventFlags ofTaker = side;
        BookEventFlags ofMaker = (side ^ BookEventFlags.Sell) | BookEventFlags.Maker;
        if (taker.IsLiquidation)
        {
            ofTaker |= BookEventFlags.Liquidation;
            ofMaker |= taker.PaysNoRebate ? BookEventFlags.AgainstLiquidation | BookEventFlags.NoRebate : BookEventFlags.AgainstLiquidation;
        }

        ref BookEvent t = ref Begin(ref takerAccount);
        t.Kind = BookEventKind.Fill;
        t.Flags = ofTaker;
        t.Reason = EndReason.None;
        t.PositionSide = taker.PositionSide;
        t.OrderId = taker.OrderId;
        t.PriceTicks = price;
        t.Lots = lots;
        t.LeavesLots = taker.Leaves;
        t.OtherId = maker.Id;
        t.Amount = unchecked((long)_tradeCount);
        t.MarkTicks = _markTicks;

        ref BookEvent m = ref Begin(ref makerAccount);
        m.Kind = BookEventKind.Fill;
        m.Flags = ofMaker;
        m.Reason = EndReason.None;
        m.PositionSide = maker.PositionSide;
        m.OrderId = maker.Id;
        m.PriceTicks = price;
        m.Lots = lots;
        m.LeavesLots = maker.Leaves;
        m.OtherId = taker.OrderId;
        m.Amount = unchecked((long)_tradeCount);
        m.MarkTicks = _markTicks;
    }

    /// <summary>The flag of a sell is the side's own value.</summary>
    private static BookEventFlags FlagOf(Side side) => (BookEventFlags)side;
}

using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Delisting (docs/rules/liquidation.md 7.6): every position closes at one price. They sum to zero, so does what is won and lost.
public sealed partial class OrderBook
{
    /// <summary>Closes all positions by account, then leg, and the symbol. Orders were canceled before; a repeat does nothing.</summary>
    private void Settle(long priceTicks)
    {
        if (_state == TradingState.Settled)
            return;
        Invariant.Holds(_orders.Count == 0 && !_fundingIsOpen);
        int[] slots = new int[_accounts.Count]; // Once in a symbol's life.
        for (int slot = 0; slot < slots.Length; slot++)
            slots[slot] = slot;
        slots.AsSpan().Sort((a, b) => _accounts[a].Account.CompareTo(_accounts[b].Account));
        foreach (int slot in slots)
        {
            SettleLeg(ref _accounts[slot], 0, priceTicks);
            SettleLeg(ref _accounts[slot], 1, priceTicks);
        }

        SetState(TradingState.Settled);
    }

    private void SettleLeg(ref BookAccount account, int leg, long priceTicks)
    {
        long held = account.Lots(leg);
        if (held == 0)
            return;
        Side closing = held > 0 ? Side.Sell : Side.Buy;
        PositionSide positionSide = SideOf(in account, leg);
        Move(ref account, leg, closing, Math.Abs(held), priceTicks * _unitE8);
        ref BookEvent e = ref Emit(ref account, BookEventKind.Settled);
        e.OrderId = 0;
        e.Flags = FlagOf(closing);
        e.PositionSide = positionSide;
        e.PriceTicks = priceTicks;
        e.Lots = Math.Abs(held);
        e.LeavesLots = 0;
    }
}

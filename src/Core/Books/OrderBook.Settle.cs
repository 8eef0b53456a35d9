using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Delisting (docs/rules/liquidation.md 7.6), as many accounts in an input as the host likes, by account id: orders are canceled, then every
// position closes at one price. They sum to zero, so does what is won and lost.
public sealed partial class OrderBook
{
    /// <summary>Whose turn may still come, by account id; null: to be found anew, as after a restart. Nothing that has none comes to have any.</summary>
    private int[]? _inTurn;
    private int _nextInTurn;

    /// <summary>The symbol is settled, but for positions whose turn has not come.</summary>
    public bool IsSettling => _state == TradingState.Settled && TryTakeTurn(HasPosition, out _);

    /// <summary>What accounts have yet to get for positions whose turn has not come, 1e-8; else nothing, since positions sum to zero.</summary>
    public Int128 UnsettledE8
    {
        get
        {
            Int128 net = 0;
            for (int slot = 0; slot < _accounts.Count; slot++)
                net += (Int128)_accounts[slot].Lots0 + _accounts[slot].Lots1;
            return net * _markTicks * _unitE8;
        }
    }

    /// <summary>Cancels all orders of the next accounts that have any. The symbol takes none any more.</summary>
    private void Delist(in BookInput input)
    {
        for (uint canceled = 0; canceled < input.SliceAccounts && TryTakeTurn(HasOrders, out int slot); canceled++)
            EndAll(slot, EndReason.Delisted);
    }

    /// <summary>Closes the positions of the next accounts, of all if no number is named. The first one closes the symbol; the last repeats change nothing.</summary>
    private void Settle(in BookInput input)
    {
        if (_state != TradingState.Settled)
        {
            Invariant.Holds(_orders.Count == 0 && !_fundingIsOpen && input.PriceTicks == _markTicks);
            SetState(TradingState.Settled);
            _inTurn = null;
        }

        uint most = input.SliceAccounts == 0 ? uint.MaxValue : input.SliceAccounts;
        for (uint settled = 0; settled < most && TryTakeTurn(HasPosition, out int slot); settled++)
            Settle(ref _accounts[slot]);
    }

    /// <summary>Closes what an account holds at the mark, which is the settlement price: nothing moves it any more.</summary>
    private void Settle(ref BookAccount account)
    {
        SettleLeg(ref account, 0, _markTicks);
        SettleLeg(ref account, 1, _markTicks);
    }

    private static bool HasOrders(in BookAccount account) => account.OpenOrders != 0;

    private static bool HasPosition(in BookAccount account) => (account.Lots0 | account.Lots1) != 0;

    /// <summary>The account with the lowest id that has something left; false: nobody has.</summary>
    private bool TryTakeTurn(TurnOf has, out int slot)
    {
        _inTurn ??= FindTurns(has);
        for (; _nextInTurn < _inTurn.Length; _nextInTurn++)
        {
            slot = _inTurn[_nextInTurn];
            if (has(in _accounts[slot]))
                return true;
        }

        slot = BookAccounts.None;
        return false;
    }

    private int[] FindTurns(TurnOf has)
    {
        _nextInTurn = 0;
        var slots = new List<int>(); // Once in a symbol's life, and after a restart.
        for (int slot = 0; slot < _accounts.Count; slot++)
        {
            if (has(in _accounts[slot]))
                slots.Add(slot);
        }

        slots.Sort((a, b) => _accounts[a].Account.CompareTo(_accounts[b].Account));
        return [.. slots];
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

    private delegate bool TurnOf(in BookAccount account);
}

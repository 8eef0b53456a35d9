using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Delisting (docs/rules/liquidation.md 7.6), some accounts at a time.
internal sealed partial class NaiveBook
{
    private void Delist(BookInput input)
    {
        foreach (uint account in _open.Select(order => order.Account).Distinct().Order().Take((int)input.SliceAccounts).ToList())
            EndAll(account, EndReason.Delisted);
    }

    private void Settle(BookInput input)
    {
        _state = TradingState.Settled;
        foreach (NaiveAccount account in _accounts.Values.Where(a => a.Lots[0] != 0 || a.Lots[1] != 0).Take((int)input.SliceAccounts).ToList())
            Settle(account);
    }

    /// <summary>A close of a liquidation is too late: what it is to close is settled.</summary>
    private void SettleBeforeClose(NaiveAccount account)
    {
        if (_state == TradingState.Settled)
            Settle(account);
    }

    private void Settle(NaiveAccount account)
    {
        foreach (int leg in new[] { 0, 1 })
        {
            long lots = account.Lots[leg];
            if (lots == 0)
                continue;
            PositionSide held = leg == 1 ? PositionSide.Short : account.HeldAs[leg];
            ChangePosition(account, held, lots > 0 ? Side.Sell : Side.Buy, Math.Abs(lots), MarkTicks);
            Emit(account.Id, new BookEvent
            {
                Kind = BookEventKind.Settled, Flags = lots > 0 ? BookEventFlags.Sell : BookEventFlags.None, PositionSide = held,
                PriceTicks = MarkTicks, Lots = Math.Abs(lots),
            });
        }
    }
}

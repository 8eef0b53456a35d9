using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// Delisting (docs/rules/liquidation.md 7.6).
public sealed partial class Engine
{
    /// <summary>
    /// In order: the symbol's orders are canceled, by account, then id; the mark moves to the price, with all that sets off; what is
    /// left of positions closes at it, and the symbol; accounts that it left in debt are worked.
    /// </summary>
    private RejectReason Settle(in Command command)
    {
        int symbol = command.Symbol;
        if (JudgeMark(in command) is not RejectReason.None and var refusal)
            return refusal;
        FinishPass();

        foreach (MarginAccount? account in _accounts)
        {
            if (account is not null && account.OpenOrderCount(symbol) != 0)
                CancelEverywhere(account, EndReason.Delisted, symbol);
        }

        ApplyMark(symbol, command.PriceTicks);
        FinishPass();
        _market[symbol].State = TradingState.Settled;
        _message = new BookInput { Kind = BookInputKind.Settle, PriceTicks = command.PriceTicks, TimeMs = _timeMs };
        Send(symbol);
        _marks[symbol].Apply(new MarkInput { Kind = MarkInputKind.State, State = TradingState.Settled, TimeMs = _timeMs }, _markOutput);
        if (_marks[symbol].IndexE8 != 0)
            _indexedCount--;
        TellInstrument(symbol);
        OpenPass(symbol);
        WorkInstants();
        return RejectReason.None;
    }
}

using Exchange.Core.Accounts;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <content>
/// A plan over several steps: all of a wallet goes into an isolated position, half of it is closed at its bankruptcy price so that
/// the fee makes the wallet a debt, then the mark takes the rest. Chance alone hardly ever leaves a debt for the fund to pay.
/// </content>
internal sealed partial class EngineScriptWriter
{
    private uint _drained;
    private int _drainedSymbol;
    private int _drainStage;

    private bool Drain(out ScriptStep step)
    {
        step = default;
        if (_drainStage == 0 && (!_random.OneIn(40) || !FindIsolated()))
            return false;
        MarginAccount account = _engine.Account(_drained)!;
        long held = account.PositionOf(_drainedSymbol, 0).Lots;
        Side closing = held > 0 ? Side.Sell : Side.Buy;
        PositionSide leg = account.IsHedge ? PositionSide.Long : PositionSide.Both;
        switch (_drainStage++)
        {
            case 0:
                step = New(CommandKind.CancelAll, _drained, -1);
                break;
            case 1:
                step = New(CommandKind.AdjustMargin, _drained, _drainedSymbol);
                step.Command.PositionSide = leg;
                step.Command.Amount = account.WithdrawableE8(_engine.Market);
                break;
            case 2:
                step = AtBankruptcy(Other(), closing.Opposite(), PositionSide.Both, held);
                break;
            case 3:
                step = AtBankruptcy(_drained, closing, leg, held);
                step.Command.Terms.TimeInForce = TimeInForce.Ioc;
                break;
            default:
                _drainStage = 0;
                step = MarkTo(_drainedSymbol, MarkOf(_drainedSymbol) * (held > 0 ? 80 : 125) / 100);
                break;
        }

        return true;
    }

    private ScriptStep AtBankruptcy(uint account, Side side, PositionSide leg, long held)
    {
        ScriptStep step = New(CommandKind.Place, account, _drainedSymbol);
        step.Command.Terms = new OrderTerms
        {
            Symbol = _drainedSymbol,
            Side = side,
            PositionSide = leg,
            Lots = Math.Max(1, Math.Abs(held) / 2),
            PriceTicks = _engine.Account(_drained)!.ClosingTicks(_drainedSymbol, 0, _engine.Market),
            Fields = OrderFields.Lots | OrderFields.Price,
        };
        return step;
    }

    private bool FindIsolated()
    {
        _drained = Account();
        _drainedSymbol = Symbol();
        if (_engine.Account(_drained) is not { } account)
            return false;
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            // A debt is judged when nothing is held any more.
            if (account.PositionOf(symbol, 1).IsOpen || (symbol != _drainedSymbol && account.PositionOf(symbol, 0).IsOpen))
                return false;
        }

        return account.MarginModeOf(_drainedSymbol) == MarginMode.Isolated && account.PositionOf(_drainedSymbol, 0).SizeLots > 1;
    }

    /// <summary>The richest one-way account but this.</summary>
    private uint Other()
    {
        uint richest = _drained;
        long most = -1;
        foreach (uint id in Accounts)
        {
            if (id == _drained || _engine.Account(id) is not { IsHedge: false } account || account.AvailableE8(_engine.Market) <= most)
                continue;
            most = account.AvailableE8(_engine.Market);
            richest = id;
        }

        return richest;
    }
}

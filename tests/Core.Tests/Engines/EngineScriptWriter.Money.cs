using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <content>Settings, money, and the market around.</content>
internal sealed partial class EngineScriptWriter
{
    private ScriptStep Leverage()
    {
        ScriptStep step = New(CommandKind.SetLeverage, Account(), Symbol());
        int most = _engine.Market[step.Command.Symbol].Instrument.MaxLeverage;
        step.Command.Leverage = (int)(_random.OneIn(2) ? _random.Between(Math.Max(1, most - 10), most + 1) : _random.Between(0, most));
        return step;
    }

    private ScriptStep Mode()
    {
        if (_random.OneIn(3))
        {
            ScriptStep hedge = New(CommandKind.SetPositionMode, Account(), 0);
            hedge.Command.Hedge = _random.OneIn(2);
            return hedge;
        }

        ScriptStep step = New(CommandKind.SetMarginMode, Account(), Symbol());
        step.Command.MarginMode = (MarginMode)_random.Next(2);
        return step;
    }

    private ScriptStep AdjustMargin()
    {
        ScriptStep step = New(CommandKind.AdjustMargin, Account(), Symbol());
        step.Command.Key = Transfer();
        if (_engine.Account(step.Command.Account) is not { } account)
            return step;
        step.Command.PositionSide = account.IsHedge ? (PositionSide)_random.Between(1, 2) : PositionSide.Both;
        long held = account.PositionOf(step.Command.Symbol, step.Command.PositionSide.Leg()).IsolatedE8;
        step.Command.Amount = _random.OneIn(2)
            ? account.WithdrawableE8(_engine.Market) / _random.Between(1, 2) + (_random.OneIn(5) ? 1 : 0)
            : -(Math.Abs(held) / _random.Between(1, 30));
        return Moved(step);
    }

    /// <summary>Mostly a few USDT, so that accounts live at the edge; now and then much.</summary>
    private ScriptStep Deposit(uint account)
    {
        ScriptStep step = New(CommandKind.Deposit, account, 0);
        step.Command.Key = Transfer();
        step.Command.Amount = _random.OneIn(20) ? _random.Next(20_000 * Rounding.OneE8) : _random.Next(60 * Rounding.OneE8);
        return Moved(step);
    }

    private ScriptStep Withdraw()
    {
        ScriptStep step = New(CommandKind.Withdraw, Account(), 0);
        step.Command.Key = Transfer();
        if (_engine.Account(step.Command.Account) is not { } account)
            return step;
        long most = account.WithdrawableE8(_engine.Market);
        step.Command.Amount = _random.Next(4) switch { 0 => most, 1 => most + 1, 2 => most / 2, _ => most / 10 };
        return Moved(step);
    }

    private ScriptStep Moved(ScriptStep step)
    {
        _moved[_movedCount++ % Repeatable] = step;
        return step;
    }

    private ClientKey Transfer() =>
        _random.OneIn(3) ? default
        : _random.OneIn(10) ? new ClientKey(2, (ulong)_random.Between(1, (long)_nextTransfer))
        : new ClientKey(2, _nextTransfer++);

    private ScriptStep SmallMove()
    {
        int symbol = Symbol();
        long mark = MarkOf(symbol);
        return MarkTo(symbol, mark + (_random.OneIn(3) ? _random.Between(-1, 1) : mark * _random.Between(-100, 100) / 10_000));
    }

    private ScriptStep Crash()
    {
        int symbol = Symbol();
        return MarkTo(symbol, MarkOf(symbol) * _random.Between(75, 133) / 100);
    }

    /// <summary>Leans back to where it began once it is far away.</summary>
    private ScriptStep MarkTo(int symbol, long ticks)
    {
        long first = EngineInstruments.FirstMarks[symbol];
        if (ticks > first * 3 || ticks < first / 3)
            ticks = (ticks * 3 + first) / 4;
        ScriptStep step = New(CommandKind.SetMark, 0, symbol);
        step.Command.PriceTicks = ticks;
        return step;
    }

    private ScriptStep Funding()
    {
        ScriptStep step = New(CommandKind.SettleFunding, 0, Symbol());
        step.Command.Amount = _random.OneIn(4) ? _random.Between(-3_000_000, 3_000_000) : _random.Between(-20_000, 20_000);
        return step;
    }

    private ScriptStep Index()
    {
        const int symbol = Symbols - 1;
        ScriptStep step = New(CommandKind.SetIndex, 0, symbol);
        Instrument instrument = _engine.Market[symbol].Instrument;
        long priceE8 = MarkOf(symbol) * instrument.TickE8 * _random.Between(980, 1_020) / 1_000;

        // Marks are set freely here: an index that follows at once would be refused as a leap, and for good.
        long beforeE8 = _engine.Marks[symbol].IndexE8;
        bool leaps = beforeE8 == 0 || _random.OneIn(4);
        step.Command.Amount = leaps ? priceE8 : Math.Clamp(priceE8, beforeE8 * 81 / 100, beforeE8 * 119 / 100);
        return step;
    }

    private ScriptStep State()
    {
        ScriptStep step = New(CommandKind.SetState, 0, Symbol());
        step.Command.State = (TradingState)_random.Between(1, 2);
        return step;
    }

    private ScriptStep AccountState()
    {
        ScriptStep step = New(CommandKind.SetAccountState, Account(), 0);
        step.Command.State = (TradingState)_random.Between(1, 2);
        return step;
    }

    private ScriptStep Seed()
    {
        ScriptStep step = New(CommandKind.SeedInsurance, 0, 0);
        step.Command.Amount = _random.Next(30 * Rounding.OneE8);
        return step;
    }

    /// <summary>What nobody should send.</summary>
    private ScriptStep Unknown()
    {
        ScriptStep step = New((CommandKind)_random.Between(1, 12), _random.OneIn(2) ? 4u : Account(), _random.OneIn(2) ? 99 : -1);
        if (step.Command.Kind > CommandKind.AdjustMargin)
            step.Command.Kind = CommandKind.CreateAccount;
        step.Command.Terms.Symbol = step.Command.Symbol;
        return step;
    }
}

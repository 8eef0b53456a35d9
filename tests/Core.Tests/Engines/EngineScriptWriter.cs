using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Writes a script from a seed while it looks at the engine: sizes fit wallets and prices fit marks, so that much is accepted.</summary>
/// <remarks>
/// Biased to what goes wrong: high leverage, small wallets that are filled up again, marks that crash, orders far through the mark,
/// repeated ids. Allocates nothing once the opening is written.
/// </remarks>
internal sealed partial class EngineScriptWriter
{
    public const int Symbols = 3;

    public static readonly uint[] Accounts = [1, 2, 3, 5, 8, 13, 21, 34];

    private const int Repeatable = 16;
    private readonly Engine _engine;
    private readonly Queue<ScriptStep> _opening = new();
    private readonly ScriptStep[] _placed = new ScriptStep[Repeatable];
    private readonly ScriptStep[] _moved = new ScriptStep[Repeatable];
    private int _placedCount;
    private int _movedCount;
    private ulong _nextTransfer = 1;
    private SeededRandom _random;
    private long _timeMs = 1_000_000;

    public EngineScriptWriter(ulong seed, Engine engine)
    {
        _engine = engine;
        _random = new SeededRandom(seed);
        WriteOpening();
    }

    public ScriptStep Next()
    {
        if (_opening.TryDequeue(out ScriptStep first))
            return first;
        PassTime();
        ScriptStep step = _engine.HasOpenPass && _random.OneIn(3) ? New(CommandKind.Time, 0, 0) : Drain(out ScriptStep planned) ? planned : Recover(out ScriptStep better) ? better : _random.Next(256) switch
        {
            < 82 => Limit(),
            < 108 => Market(),
            < 132 => Conditional(),
            < 137 => Repeat(_placed, _placedCount),
            < 153 => Amend(),
            < 164 => Cancel(),
            < 167 => New(CommandKind.CancelAll, Account(), _random.OneIn(3) ? -1 : Symbol()),
            < 170 => Countdown(),
            < 175 => Leverage(),
            < 179 => Mode(),
            < 188 => AdjustMargin(),
            < 194 => Deposit(Account()),
            < 199 => Withdraw(),
            < 201 => Repeat(_moved, _movedCount),
            < 239 => SmallMove(),
            < 244 => Crash(),
            < 248 => Funding(),
            < 250 => Index(),
            < 251 => State(),
            < 252 => AccountState(),
            < 253 => New(CommandKind.Time, 0, 0),
            < 255 => Seed(),
            _ => Unknown(),
        };
        step.TimeMs = _timeMs;
        step.OrderPlace = step.OrderPlace == 0 ? -1 : step.OrderPlace - 1;
        return step;
    }

    private void WriteOpening()
    {
        foreach (Instrument instrument in EngineInstruments.Create())
        {
            _opening.Enqueue(Opening(New(CommandKind.ListInstrument, 0, instrument.SymbolId) with { Listing = instrument }));
            ScriptStep mark = New(CommandKind.SetMark, 0, instrument.SymbolId);
            mark.Command.PriceTicks = EngineInstruments.FirstMarks[instrument.SymbolId];
            _opening.Enqueue(Opening(mark));
        }

        foreach (uint account in Accounts)
        {
            _opening.Enqueue(Opening(New(CommandKind.CreateAccount, account, 0)));
            if (_random.OneIn(3))
            {
                ScriptStep hedge = New(CommandKind.SetPositionMode, account, 0);
                hedge.Command.Hedge = true;
                _opening.Enqueue(Opening(hedge));
            }

            for (int symbol = 0; symbol < Symbols; symbol++)
            {
                ScriptStep leverage = New(CommandKind.SetLeverage, account, symbol);
                leverage.Command.Leverage = _random.OneIn(2) ? EngineInstruments.Create()[symbol].MaxLeverage : (int)_random.Between(1, 30);
                _opening.Enqueue(Opening(leverage));
                if (_random.OneIn(2))
                    continue;
                ScriptStep mode = New(CommandKind.SetMarginMode, account, symbol);
                mode.Command.MarginMode = MarginMode.Isolated;
                _opening.Enqueue(Opening(mode));
            }
        }
    }

    private ScriptStep Opening(ScriptStep step) => step with { TimeMs = _timeMs, OrderPlace = -1 };

    private void PassTime() => _timeMs += _random.Next(64) switch
    {
        < 40 => 0,
        < 58 => _random.Next(300),
        < 62 => _random.Next(5_000),
        < 63 => _random.Next(60_000),
        _ => _random.OneIn(4) ? _random.Next(90_000_000) : -_random.Next(50), // Back a little: counts as no time at all.
    };

    /// <summary>Soon back from what stops everything: a halt, an empty wallet, a mark far from where it began.</summary>
    private bool Recover(out ScriptStep step)
    {
        step = default;
        if (!_random.OneIn(6))
            return false;
        int symbol = Symbol();
        if (_engine.Market[symbol].State != TradingState.Trading)
        {
            step = New(CommandKind.SetState, 0, symbol);
            return true;
        }

        uint account = Account();
        if (_engine.Account(account) is { State: not TradingState.Trading })
        {
            step = New(CommandKind.SetAccountState, account, 0);
            return true;
        }

        if (_engine.Account(account) is not { WalletE8: < 3_00000000 } owner || (HasPosition(owner) && !_random.OneIn(4)))
            return false;
        step = Deposit(account);
        return true;
    }

    private static bool HasPosition(MarginAccount account)
    {
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            if (account.PositionOf(symbol, 0).IsOpen || account.PositionOf(symbol, 1).IsOpen)
                return true;
        }

        return false;
    }

    private static ScriptStep New(CommandKind kind, uint account, int symbol) =>
        new() { Command = new Command { Kind = kind, Account = account, Symbol = symbol } };

    private uint Account() => Accounts[_random.Next(Accounts.Length)];

    private int Symbol() => (int)_random.Next(Symbols);

    private long MarkOf(int symbol) => _engine.Market[symbol].MarkTicks;

    /// <summary>Near a price: mostly within a few tenths of a percent, now and then far.</summary>
    private long Near(long ticks) => Math.Max(1, ticks + (_random.Next(8) switch
    {
        < 5 => _random.Between(-4, 4),
        < 7 => ticks * _random.Between(-200, 200) / 10_000,
        _ => ticks * _random.Between(-1_100, 1_100) / 10_000,
    }));
}

using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>What differs between searches.</summary>
/// <param name="MarketBoundE8">How far from the mark a market order may trade, and the fund may pay for a liquidation's fills.</param>
/// <param name="RebateE8">What makers get; takers pay as much or more.</param>
/// <param name="IgnoresOpenLosses">Without the rule that open orders must be payable (5.7).</param>
internal readonly record struct CoalitionRules(long MarketBoundE8 = 0, long RebateE8 = 0, bool IgnoresOpenLosses = false);

/// <summary>A venue where all accounts belong to one coalition: whatever it gains comes out of the insurance fund or is left as a debt.</summary>
internal sealed class Coalition
{
    public const int Symbols = 2;
    private const long FirstMarkTicks = 100_000;
    private readonly EngineOutput _output = new();
    private long _timeMs = 1_000;
    private SeededRandom _random;

    public Coalition(ulong seed, in CoalitionRules rules)
    {
        _random = new SeededRandom(seed);
        Engine = new Engine { IgnoresOpenLosses = rules.IgnoresOpenLosses };
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            Instrument instrument = TestInstruments.Create(Settings(symbol, in rules), symbol);
            Engine.Apply(new Command { Kind = CommandKind.ListInstrument }, _timeMs, _output, instrument);
            Do(new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = FirstMarkTicks });
        }

        SeedE8 = 1_000_000 * Rounding.OneE8;
        Do(new Command { Kind = CommandKind.SeedInsurance, Amount = SeedE8 });
        Members = (uint)_random.Between(2, 5);
        for (uint account = 1; account <= Members; account++)
            Enter(account);
    }

    public Engine Engine { get; }

    /// <summary>Accounts 1 to this.</summary>
    public uint Members { get; }

    public long SeedE8 { get; }

    public ref SeededRandom Random => ref _random;

    public bool Do(Command command)
    {
        if (_random.OneIn(4))
            _timeMs += _random.Next(500);
        Engine.Apply(in command, _timeMs, _output);
        return _output.Reason == RejectReason.None;
    }

    public bool Place(uint account, in OrderTerms terms) =>
        Do(new Command { Kind = CommandKind.Place, Account = account, Symbol = terms.Symbol, Terms = terms });

    public MarginAccount Member(uint account) => Engine.Account(account)!;

    public long MarkOf(int symbol) => Engine.Market[symbol].MarkTicks;

    /// <summary>
    /// What the coalition has beyond what it brought, in 1e-8: withdrawn and still in its pools. A pool below zero is left behind:
    /// what it lacks somebody else must pay.
    /// </summary>
    public Int128 ProfitE8()
    {
        Int128 worth = (Int128)Engine.Clearing.WithdrawalsE8 - Engine.Clearing.DepositsE8;
        for (uint account = 1; account <= Members; account++)
        {
            MarginAccount member = Member(account);
            worth += Int128.Max(0, member.CrossEquityE8(Engine.Market));
            for (int symbol = 0; symbol < Symbols; symbol++)
            {
                if (member.MarginModeOf(symbol) == MarginMode.Cross)
                    continue;
                for (int leg = 0; leg < 2; leg++)
                    worth += Int128.Max(0, member.PositionOf(symbol, leg).IsolatedE8 + member.UnrealisedE8(symbol, leg, Engine.Market));
            }
        }

        return worth;
    }

    /// <summary>What the members still have of each other is closed at the mark; then whoever can take money out does.</summary>
    public void Leave()
    {
        for (uint account = 1; account <= Members; account++)
            Do(new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = -1 });
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            foreach (Side side in (Side[])[Side.Buy, Side.Sell])
            {
                for (uint account = 1; account <= Members; account++)
                    CloseAtMark(account, symbol, side);
            }
        }

        for (uint account = 1; account <= Members; account++)
        {
            Do(new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = -1 });
            Withdraw(account);
        }
    }

    public bool Withdraw(uint account) =>
        Do(new Command { Kind = CommandKind.Withdraw, Account = account, Amount = Member(account).WithdrawableE8(Engine.Market) });

    private void CloseAtMark(uint account, int symbol, Side side)
    {
        MarginAccount member = Member(account);
        for (int leg = 0; leg < 2; leg++)
        {
            long lots = member.PositionOf(symbol, leg).Lots;
            if (lots == 0 || (lots > 0) != (side == Side.Sell))
                continue;
            Place(account, new OrderTerms
            {
                Symbol = symbol,
                Side = side,
                PositionSide = !member.IsHedge ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short,
                Flags = member.IsHedge ? OrderFlags.None : OrderFlags.ReduceOnly,
                Lots = Math.Abs(lots),
                PriceTicks = MarkOf(symbol),
                Fields = OrderFields.Lots | OrderFields.Price,
            });
        }
    }

    private void Enter(uint account)
    {
        Do(new Command { Kind = CommandKind.CreateAccount, Account = account });
        Do(new Command { Kind = CommandKind.Deposit, Account = account, Amount = _random.Between(10, 1_000) * Rounding.OneE8 });
        if (_random.OneIn(3))
            Do(new Command { Kind = CommandKind.SetPositionMode, Account = account, Hedge = true });
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            int most = Engine.Market[symbol].Instrument.MaxLeverage;
            int leverage = _random.OneIn(2) ? most : (int)_random.Between(1, most);
            Do(new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = symbol, Leverage = leverage });
            if (_random.OneIn(2))
                Do(new Command { Kind = CommandKind.SetMarginMode, Account = account, Symbol = symbol, MarginMode = MarginMode.Isolated });
        }
    }

    /// <summary>Fees as low as they may be: they would hide a small gain.</summary>
    private static InstrumentSettings Settings(int symbol, in CoalitionRules rules) => new()
    {
        Symbol = symbol == 0 ? "LOW" : "HIGH",
        TickE8 = 1_000_000,
        LotE8 = 100_000,
        MakerRateE8 = -rules.RebateE8,
        TakerRateE8 = rules.RebateE8 + (symbol * 10_000),
        LiquidationFeeRateE8 = 500_000,
        BandUpE8 = 110_000_000,
        BandDownE8 = 90_000_000,
        MarketBoundE8 = rules.MarketBoundE8,
        MinLots = 1,
        MaxLots = 10_000_000,
        MinNotionalE8 = 0,
        MaxPriceTicks = 1_000_000,
        Brackets = symbol == 0
            ? [new(1_000_000 * Rounding.OneE8, 100, 500_000)]
            : [new(5_000 * Rounding.OneE8, 50, 1_000_000), new(1_000_000 * Rounding.OneE8, 20, 2_000_000)],
    };
}

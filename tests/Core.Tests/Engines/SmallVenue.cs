using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>A symbol or two, tick 0.1 and lot 0.001 as in the worked examples, at a mark of 50000: prices and money in USDT, quantities in lots.</summary>
internal sealed class SmallVenue
{
    private readonly EngineOutput _output = new();

    public SmallVenue(long makerRateE8, long takerRateE8, long fund = 100_000, int symbols = 1)
    {
        Apply(new Command { Kind = CommandKind.SeedInsurance, Amount = fund * Rounding.OneE8 });
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            InstrumentSettings settings = TestInstruments.BtcSettings() with
            {
                Symbol = $"BTC{symbol}", MakerRateE8 = makerRateE8, TakerRateE8 = takerRateE8,
            };
            Engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 1_000, _output, TestInstruments.Create(settings, symbol));
            Expect(RejectReason.None, new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = Ticks(50_000) });
        }
    }

    public Engine Engine { get; } = new();

    public ReadOnlySpan<EngineEvent> Told => _output.Events;

    public decimal Fund => ToUsdt(Engine.Clearing.FundE8);

    public uint Enter(uint account, decimal deposit, int leverage = 100, MarginMode mode = MarginMode.Cross)
    {
        Expect(RejectReason.None, new Command { Kind = CommandKind.CreateAccount, Account = account });
        Expect(RejectReason.None, new Command { Kind = CommandKind.Deposit, Account = account, Amount = ToE8(deposit) });
        Set(account, 0, leverage, mode);
        return account;
    }

    public void Set(uint account, int symbol, int leverage, MarginMode mode)
    {
        Expect(RejectReason.None, new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = symbol, Leverage = leverage });
        if (mode != MarginMode.Cross)
            Expect(RejectReason.None, new Command { Kind = CommandKind.SetMarginMode, Account = account, Symbol = symbol, MarginMode = mode });
    }

    public MarginAccount Account(uint account) => Engine.Account(account)!;

    public void Mark(params ReadOnlySpan<decimal> prices)
    {
        foreach (decimal price in prices)
            Expect(RejectReason.None, new Command { Kind = CommandKind.SetMark, PriceTicks = Ticks(price) });
    }

    public RejectReason Buy(uint account, long lots, decimal price, int symbol = 0) => Place(account, symbol, Side.Buy, lots, price);

    public RejectReason Sell(uint account, long lots, decimal price, int symbol = 0) => Place(account, symbol, Side.Sell, lots, price);

    public decimal Wallet(uint account) => ToUsdt(Account(account).WalletE8);

    public decimal Isolated(uint account) => ToUsdt(Account(account).PositionOf(0, 0).IsolatedE8);

    public long Lots(uint account) => Account(account).PositionOf(0, 0).Lots;

    /// <summary>Wallet and unrealised profit of a cross account.</summary>
    public decimal Equity(uint account) => ToUsdt((long)Account(account).CrossEquityE8(Engine.Market));

    /// <summary>What the fund paid for the fills of closes in the last input.</summary>
    public decimal Shortfall()
    {
        decimal sum = 0;
        foreach (ref readonly EngineEvent e in Told)
            sum += e.Kind == EngineEventKind.Book && e.Book.Kind == BookEventKind.Insurance ? Math.Max(0, ToUsdt(e.Book.Amount)) : 0;
        return sum;
    }

    public RejectReason Apply(Command command)
    {
        Engine.Apply(in command, 1_000, _output);
        Engine.CheckInvariants();
        return _output.Reason;
    }

    public static long Ticks(decimal price) => (long)(price * 10);

    public static decimal ToUsdt(long amountE8) => amountE8 / 100_000_000m;

    private static long ToE8(decimal amount) => (long)(amount * 100_000_000m);

    private void Expect(RejectReason reason, Command command) => Assert.Equal(reason, Apply(command));

    private RejectReason Place(uint account, int symbol, Side side, long lots, decimal price) => Apply(new Command
    {
        Kind = CommandKind.Place,
        Account = account,
        Symbol = symbol,
        Terms = new OrderTerms
        {
            Symbol = symbol, Side = side, Lots = lots, PriceTicks = Ticks(price), Fields = OrderFields.Price | OrderFields.Lots,
        },
    });
}

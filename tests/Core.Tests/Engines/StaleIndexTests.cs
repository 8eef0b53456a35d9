using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>
/// What a stopped or broken index may do to positions (F26): nothing (docs/rules/funding.md 8.3). The holder has 0.2 of BTCUSDT and 0.001 of
/// ALTUSDT at 50000 on one cross wallet of 600: liquidated when BTCUSDT has come down by about 2770.
/// </summary>
public sealed class StaleIndexTests
{
    private const uint Holder = 1;
    private const int Btc = 0;
    private const int Alt = 1;
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();

    public StaleIndexTests()
    {
        foreach ((int id, string symbol) in new[] { (Btc, "BTCUSDT"), (Alt, "ALTUSDT") })
        {
            Instrument instrument = TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = symbol }, id);
            _engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 1_000, _output, instrument);
            Index(1_000, id, 50_000);
        }

        foreach ((uint account, long usdt) in new[] { (Holder, 600L), (2u, 100_000L) })
        {
            Apply(1_000, new Command { Kind = CommandKind.CreateAccount, Account = account });
            Apply(1_000, new Command { Kind = CommandKind.Deposit, Account = account, Amount = usdt * Rounding.OneE8 });
        }

        Trade(Btc, lots: 200);
        Trade(Alt, lots: 1);
    }

    private long Lots => _engine.Account(Holder)!.PositionOf(Btc, 0).Lots;

    [Fact]
    public void A_wallet_that_holds_a_symbol_without_a_fresh_index_is_not_liquidated_until_it_is_back()
    {
        Index(11_000, Btc, 50_000);
        Index(11_500, Btc, 47_000);

        // In this second BTCUSDT falls and the other index becomes too old: it must count as old before BTCUSDT's mark is acted on.
        Time(12_000);
        Assert.Equal(470_000, _engine.Market[Btc].MarkTicks);
        Assert.Equal(200, Lots);

        Index(12_500, Alt, 50_000);
        Time(13_000);
        Assert.Equal(0, Lots);
    }

    [Fact]
    public void A_spike_of_the_index_is_refused_and_liquidates_nobody()
    {
        Assert.Equal(RejectReason.PriceBandOfIndex, Index(2_000, Btc, 5_000));
        Time(3_000);

        Assert.Equal(500_000, _engine.Market[Btc].MarkTicks);
        Assert.Equal(200, Lots);
    }

    [Fact]
    public void A_stopped_index_moves_no_mark_and_pays_no_funding_whatever_the_book_does()
    {
        Apply(20_000, Limit(2, Btc, Side.Buy, 10, 480_000));
        Time(8 * InstrumentLimits.HourMs + 1_000);

        Assert.Equal(500_000, _engine.Market[Btc].MarkTicks);
        Assert.Equal(0ul, _engine.Books[Btc].FundingRoundId);
        Assert.Equal(200, Lots);
    }

    private void Trade(int symbol, long lots)
    {
        Assert.Equal(RejectReason.None, Apply(1_000, Limit(2, symbol, Side.Sell, lots, 500_000)));
        Assert.Equal(RejectReason.None, Apply(1_000, Limit(Holder, symbol, Side.Buy, lots, 500_000)));
    }

    private static Command Limit(uint account, int symbol, Side side, long lots, long ticks) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Symbol = symbol,
        Terms = new OrderTerms { Symbol = symbol, Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots },
    };

    private RejectReason Index(long timeMs, int symbol, long usdt) =>
        Apply(timeMs, new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = usdt * Rounding.OneE8 });

    private void Time(long timeMs) => Apply(timeMs, new Command { Kind = CommandKind.Time });

    private RejectReason Apply(long timeMs, in Command command)
    {
        _engine.Apply(in command, timeMs, _output);
        return _output.Reason;
    }
}

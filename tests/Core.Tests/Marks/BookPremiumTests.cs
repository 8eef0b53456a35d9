using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Marks;

/// <summary>What an engine's mark machines learn from its books: the price of trading the impact notional, here 25,000 USDT.</summary>
public sealed class BookPremiumTests
{
    private const uint Maker = 1;

    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();
    private long _timeMs = 1_000;

    public BookPremiumTests()
    {
        InstrumentSettings settings = TestInstruments.BtcSettings() with { FixedIndexTicks = 500_000 };
        Apply(new Command { Kind = CommandKind.ListInstrument }, TestInstruments.Create(settings));
        Apply(new Command { Kind = CommandKind.CreateAccount, Account = Maker });
        Apply(new Command { Kind = CommandKind.Deposit, Account = Maker, Amount = 100_000_000 * Rounding.OneE8, Key = ClientKey.From("first"u8) });
    }

    [Fact]
    public void A_best_level_that_fills_the_impact_notional_alone_gives_its_price()
    {
        Place(Side.Buy, priceTicks: 510_000, lots: 1_000);
        Place(Side.Buy, priceTicks: 509_000, lots: 1_000);
        Place(Side.Sell, priceTicks: 511_000, lots: 1_000);
        Place(Side.Sell, priceTicks: 512_000, lots: 1_000);

        PassMinutes(10);

        // Bids 2 % above the index: the rate is that premium, less the 0.05 % that the interest may take from it.
        Assert.Equal(1_950_000, _engine.Marks[0].PredictedFundingRateE8, tolerance: 1_000);
    }

    [Fact]
    public void Levels_are_taken_one_after_the_other_until_they_fill_it()
    {
        Place(Side.Buy, priceTicks: 510_000, lots: 100);
        Place(Side.Buy, priceTicks: 505_000, lots: 1_000);
        Place(Side.Sell, priceTicks: 515_000, lots: 1_000);

        PassMinutes(10);

        // 5,100 USDT at 51,000.0 and 19,900 at 50,500.0: 25,000 / (0.1 + 19,900 / 50,500) = 50,601.2, 1.2024 % above the index.
        Assert.Equal(1_152_400, _engine.Marks[0].PredictedFundingRateE8, tolerance: 1_000);
    }

    [Fact]
    public void A_book_too_thin_for_it_has_no_premium()
    {
        Place(Side.Buy, priceTicks: 510_000, lots: 100);
        Place(Side.Sell, priceTicks: 511_000, lots: 100);

        PassMinutes(10);

        Assert.Equal(10_000, _engine.Marks[0].PredictedFundingRateE8, tolerance: 0);
    }

    private void Place(Side side, long priceTicks, long lots) => Apply(new Command
    {
        Kind = CommandKind.Place,
        Account = Maker,
        Terms = new OrderTerms { Side = side, Lots = lots, PriceTicks = priceTicks, Fields = OrderFields.Price | OrderFields.Lots },
    });

    private void PassMinutes(int minutes)
    {
        for (int second = 0; second < minutes * 60; second++)
        {
            _timeMs += 1_000;
            Apply(new Command { Kind = CommandKind.Time });
        }
    }

    private void Apply(Command command, Instrument? listing = null)
    {
        _engine.Apply(in command, _timeMs, _output, listing);
        Assert.Equal(RejectReason.None, _output.Reason);
    }
}

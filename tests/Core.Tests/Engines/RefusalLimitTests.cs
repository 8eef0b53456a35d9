using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>A refusal says what would have passed.</summary>
public sealed class RefusalLimitTests
{
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();

    public RefusalLimitTests()
    {
        _engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 0, _output, TestInstruments.Btc());
        _engine.Apply(new Command { Kind = CommandKind.CreateAccount, Account = 1 }, 0, _output);
        _engine.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 2_000 * Rounding.OneE8 }, 0, _output);
        _engine.Apply(new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 }, 0, _output);
    }

    [Fact]
    public void A_price_off_the_band_names_the_bands_edge()
    {
        Place(Side.Buy, 525_001, 10);
        Assert.Equal((RejectReason.PriceBand, 525_000), (_output.Reason, _output.LimitValue));

        Place(Side.Sell, 474_999, 10);
        Assert.Equal((RejectReason.PriceBand, 475_000), (_output.Reason, _output.LimitValue));
    }

    [Fact]
    public void Too_little_margin_names_what_is_available()
    {
        Place(Side.Buy, 500_000, 10_000);
        Assert.Equal((RejectReason.InsufficientMargin, 2_000 * Rounding.OneE8), (_output.Reason, _output.LimitValue));
    }

    [Fact]
    public void A_withdrawal_too_large_names_what_may_leave()
    {
        _engine.Apply(new Command { Kind = CommandKind.Withdraw, Account = 1, Amount = 2_001 * Rounding.OneE8 }, 0, _output);
        Assert.Equal((RejectReason.InsufficientBalance, 2_000 * Rounding.OneE8), (_output.Reason, _output.LimitValue));
    }

    [Fact]
    public void What_passes_names_nothing()
    {
        Place(Side.Buy, 500_000, 10);
        Assert.Equal((RejectReason.None, 0), (_output.Reason, _output.LimitValue));
    }

    private void Place(Side side, long priceTicks, long lots)
    {
        var command = new Command { Kind = CommandKind.Place, Account = 1 };
        command.Terms = new OrderTerms
        {
            Side = side, PriceTicks = priceTicks, Lots = lots, Fields = OrderFields.Price | OrderFields.Lots,
        };
        _engine.Apply(in command, 0, _output);
    }
}

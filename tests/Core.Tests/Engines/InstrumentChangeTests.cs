using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>A listed instrument gets other terms: judged by them at once, and refused where that could not be told apart from a loss.</summary>
public sealed class InstrumentChangeTests
{
    private static readonly Command ChangeCommand = new() { Kind = CommandKind.ChangeInstrument };

    [Fact]
    public void The_next_fill_pays_the_new_fee()
    {
        var venue = new EngineFixture(1, 2);

        Assert.Equal(RejectReason.None, Change(venue, EngineInstruments.Fine() with { TakerRateE8 = 100_000 }));

        venue.Limit(2, 0, Side.Sell, 10, 10_000);
        long before = venue.Engine.Account(1)!.WalletE8;
        venue.Limit(1, 0, Side.Buy, 10, 10_000);
        Assert.Equal(10 * Rounding.OneE8 / 1_000, before - venue.Engine.Account(1)!.WalletE8);
    }

    [Fact]
    public void Higher_maintenance_rates_liquidate_at_once_who_no_longer_meets_them()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(2, 0, Side.Sell, 4_000, 10_000);
        venue.Limit(1, 0, Side.Buy, 4_000, 10_000);
        venue.Apply(new Command { Kind = CommandKind.Withdraw, Account = 1, Amount = venue.Engine.Account(1)!.WithdrawableE8(venue.Engine.Market) });

        Assert.Equal(RejectReason.None, Change(venue, EngineInstruments.Fine() with { Brackets = [new(1_000_000 * Rounding.OneE8, 5, 15_000_000)] }));

        Assert.True(venue.Position(1, 0) < 4_000, "the position is reduced or closed");
        venue.Engine.CheckInvariants();
    }

    [Fact]
    public void Open_orders_other_units_and_what_is_not_listed_are_refused_and_change_nothing()
    {
        var venue = new EngineFixture(1);
        Instrument listed = venue.Engine.Market[0].Instrument;
        Assert.Equal(RejectReason.InstrumentRefused, Change(venue, EngineInstruments.Fine() with { TickE8 = 5_000_000 }));
        Assert.Equal(RejectReason.InstrumentRefused, Change(venue, EngineInstruments.Fine() with { LotE8 = 200_000 }));
        Assert.Equal(RejectReason.InstrumentRefused, Change(venue, EngineInstruments.Fine() with { Symbol = "OTHER" }));
        Assert.Equal(RejectReason.UnknownSymbol, Change(venue, EngineInstruments.Fine(), symbol: 3));
        venue.Limit(1, 0, Side.Buy, 5, 9_900);
        Assert.Equal(RejectReason.OpenOrders, Change(venue, EngineInstruments.Fine() with { TakerRateE8 = 100_000 }));
        Assert.All([venue.Engine.Market[0].Instrument, venue.Engine.Books[0].Instrument, venue.Engine.Marks[0].Instrument], known => Assert.Same(listed, known));
    }

    private static RejectReason Change(EngineFixture venue, InstrumentSettings settings, int symbol = 0)
    {
        venue.Engine.Apply(in ChangeCommand, 1_000, venue.Output, TestInstruments.Create(settings, symbol));
        return venue.Output.Reason;
    }
}

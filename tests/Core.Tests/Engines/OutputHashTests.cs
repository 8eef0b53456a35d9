using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Engines;

/// <summary>The word that the journal carries knows every output (docs/decisions/0003), so an engine that does otherwise is found out.</summary>
public sealed class OutputHashTests
{
    [Fact]
    public void The_same_inputs_give_the_same_word() => Assert.Equal(AfterTrade().Engine.OutputHash, AfterTrade().Engine.OutputHash);

    [Fact]
    public void An_amount_that_no_book_hears_of_shows()
    {
        EngineFixture one = AfterTrade();
        EngineFixture other = AfterTrade();

        one.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 });
        other.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 2 });

        Assert.NotEqual(one.Engine.OutputHash, other.Engine.OutputHash);
    }

    /// <summary>The same orders, ids, prices and times: the books say the same, the fee takes more out of a wallet.</summary>
    [Fact]
    public void A_fee_behind_the_same_fill_shows()
    {
        (Engine one, ulong oneBefore) = WithTakerFee(50_000);
        (Engine other, ulong otherBefore) = WithTakerFee(50_001);

        Assert.Equal(oneBefore, otherBefore);
        Assert.NotEqual(one.OutputHash, other.OutputHash);
    }

    [Fact]
    public void A_refusal_and_its_reason_show()
    {
        EngineFixture one = AfterTrade();
        EngineFixture other = AfterTrade();

        Assert.Equal(RejectReason.UnknownAccount, one.Apply(new Command { Kind = CommandKind.Cancel, Account = 9, OrderId = 1 }));
        Assert.Equal(RejectReason.UnknownOrder, other.Apply(new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = 99 }));

        Assert.NotEqual(one.Engine.OutputHash, other.Engine.OutputHash);
        Assert.NotEqual(AfterTrade().Engine.OutputHash, other.Engine.OutputHash);
    }

    private static EngineFixture AfterTrade()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(1, symbol: 0, Side.Buy, lots: 10, ticks: 10_000);
        venue.Limit(2, symbol: 0, Side.Sell, lots: 10, ticks: 10_000);
        return venue;
    }

    private static (Engine Engine, ulong BeforeTheTrade) WithTakerFee(long rateE8)
    {
        var engine = new Engine();
        var output = new EngineOutput();
        Instrument instrument = TestInstruments.Create(EngineInstruments.Fine() with { TakerRateE8 = rateE8 }, 0);
        engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 1, output, instrument);
        engine.Apply(new Command { Kind = CommandKind.SetMark, PriceTicks = 10_000 }, 1, output);
        for (uint account = 1; account <= 2; account++)
        {
            engine.Apply(new Command { Kind = CommandKind.CreateAccount, Account = account }, 1, output);
            engine.Apply(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 1_000_000_000_000 }, 1, output);
        }

        var terms = new OrderTerms { Lots = 10, PriceTicks = 10_000, Fields = OrderFields.Price | OrderFields.Lots };
        engine.Apply(new Command { Kind = CommandKind.Place, Account = 1, Terms = terms }, 1, output);
        ulong before = engine.OutputHash;
        terms.Side = Side.Sell;
        engine.Apply(new Command { Kind = CommandKind.Place, Account = 2, Terms = terms }, 1, output);
        Assert.Equal(10, engine.Account(1)!.PositionOf(0, 0).Lots);
        return (engine, before);
    }
}

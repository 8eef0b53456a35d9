using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Engines;

/// <summary>Delisting (docs/rules/liquidation.md 7.6): whatever went before, everybody is out at one price and no money is lost.</summary>
public sealed class SettlementTests
{
    private const int CommandsPerScript = 1_000;

    [Fact]
    public void Positions_close_at_the_price_without_a_fee()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(2, 0, Side.Sell, 10, 10_000);
        venue.Limit(1, 0, Side.Buy, 10, 10_000);
        ulong resting = venue.Limit(1, 0, Side.Buy, 5, 9_900);
        long long1 = venue.Engine.Account(1)!.WalletE8;
        long short2 = venue.Engine.Account(2)!.WalletE8;

        Assert.Equal(RejectReason.None, venue.Apply(Settlement(0, 10_100)));

        Assert.Equal((resting, EndReason.Delisted), (venue.Told(BookEventKind.Canceled).Book.OrderId, venue.Told(BookEventKind.Canceled).Book.Reason));
        long profit = 100 * 10 * venue.Engine.Market[0].Instrument.UnitE8;
        Assert.Equal((long1 + profit, short2 - profit), (venue.Engine.Account(1)!.WalletE8, venue.Engine.Account(2)!.WalletE8));
        Assert.Equal((0, 0), (venue.Position(1, 0), venue.Position(2, 0)));
        venue.Engine.CheckInvariants();
    }

    [Fact]
    public void A_settled_symbol_takes_nothing_any_more()
    {
        var venue = new EngineFixture(1);
        venue.Apply(Settlement(0, 10_000));

        Command[] refused =
        [
            new() { Kind = CommandKind.Place, Account = 1, Terms = new OrderTerms { Lots = 5, PriceTicks = 10_000, Fields = OrderFields.Price | OrderFields.Lots } },
            new() { Kind = CommandKind.SetState, State = TradingState.Trading },
            new() { Kind = CommandKind.SetMark, PriceTicks = 10_000 },
            new() { Kind = CommandKind.SetIndex, Amount = 100 * Rounding.OneE8 },
            new() { Kind = CommandKind.SettleFunding, Amount = 1 },
            Settlement(0, 10_000),
        ];

        Assert.All(refused, command => Assert.Equal(RejectReason.SymbolNotTrading, venue.Apply(command)));
        Assert.Equal(RejectReason.UnknownSymbol, venue.Apply(Settlement(99, 10_000)));
        Assert.Equal(RejectReason.PriceRange, venue.Apply(Settlement(1, 0)));
    }

    [Fact]
    public void After_anything_that_went_before_everybody_is_out_and_no_unit_is_lost()
    {
        int positions = 0;
        int debts = 0;
        for (ulong seed = 1; seed <= (ulong)TestScale.Of(150, 5_000); seed++)
        {
            (Engine engine, EngineOutput output, long timeMs) = After(seed);
            for (int symbol = 0; symbol < engine.Market.Count; symbol++)
            {
                long price = Math.Max(1, engine.Market[symbol].MarkTicks * (700 + (long)(seed * 37 % 600)) / 1_000);
                var settle = Settlement(symbol, price);
                engine.Apply(in settle, timeMs, output);
                Assert.Equal(RejectReason.None, output.Reason);
                positions += output.Events.ToArray().Count(e => e.Kind == EngineEventKind.Book && e.Book.Kind == BookEventKind.Settled);
                AssertClosed(engine, symbol);
                engine.CheckInvariants();
            }

            debts += Owners(engine).Count(owner => owner.WalletE8 < 0);
            AssertSurvivesSnapshot(engine);
        }

        Assert.True(positions > 100, $"{positions} positions settled");
        Assert.True(debts < positions, $"{debts} accounts in debt");
    }

    private static Command Settlement(int symbol, long ticks) => new() { Kind = CommandKind.Settle, Symbol = symbol, PriceTicks = ticks };

    private static (Engine Engine, EngineOutput Output, long TimeMs) After(ulong seed)
    {
        var engine = new Engine();
        var output = new EngineOutput();
        long timeMs = 0;
        foreach (ScriptStep step in EngineScript.FromSeed(seed, CommandsPerScript).Steps)
        {
            Command command = step.For(engine);
            timeMs = step.TimeMs;
            engine.Apply(in command, timeMs, output, step.Listing);
        }

        return (engine, output, timeMs);
    }

    private static void AssertClosed(Engine engine, int symbol)
    {
        Assert.Equal((0, TradingState.Settled), (engine.Books[symbol].OpenOrderCount, engine.Books[symbol].State));
        foreach (MarginAccount owner in Owners(engine))
            Assert.True(owner.PositionOf(symbol, 0) is { Lots: 0, IsolatedE8: 0 } && owner.PositionOf(symbol, 1) is { Lots: 0, IsolatedE8: 0 });
    }

    private static IEnumerable<MarginAccount> Owners(Engine engine) =>
        Enumerable.Range(1, 99).Select(id => engine.Account((uint)id)).OfType<MarginAccount>();

    private static void AssertSurvivesSnapshot(Engine engine)
    {
        var writer = new SnapshotWriter(1 << 16);
        engine.Snapshot(writer);
        var restored = new Engine();
        restored.Restore(new SnapshotReader(writer.Written.ToArray()));
        Assert.Equal(engine.StateHash(), restored.StateHash());
        restored.CheckInvariants();
    }
}

using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Nodes;

public sealed class MarketBoardTests
{
    private readonly MarketBoard _board = new();

    [Fact]
    public void Instruments_are_listed_in_the_order_of_their_ids_whichever_comes_first()
    {
        _board.Receive(new MarkMessage(1, new MarkUpdate(3, 400_000, 1_000)));
        _board.Receive(Listed(1));
        _board.Publish(1_000);
        Assert.Equal(0, _board.Current.Count);

        _board.Receive(Listed(0));
        _board.Publish(1_000);

        Assert.Equal(2, _board.Current.Count);
        Assert.Equal(400_000, _board.Current[1].MarkTicks);
    }

    [Fact]
    public void What_was_given_out_does_not_change_and_older_news_change_nothing()
    {
        _board.Receive(Listed(0));
        _board.Receive(new MarkMessage(0, new MarkUpdate(2, 400_000, 1_000)));
        _board.Publish(1_000);
        MarketTable given = _board.Current;

        _board.Receive(new MarkMessage(0, new MarkUpdate(3, 410_000, 2_000)));
        _board.Receive(new MarkMessage(0, new MarkUpdate(1, 390_000, 500)));
        _board.Receive(new InstrumentMessage(2, Btc(0), TradingState.Halted));
        _board.Receive(Listed(0));
        _board.Publish(2_000);

        Assert.Equal((400_000L, TradingState.Trading), (given[0].MarkTicks, given[0].State));
        Assert.Equal((410_000L, TradingState.Halted), (_board.Current[0].MarkTicks, _board.Current[0].State));
    }

    [Fact]
    public void A_mark_that_has_aged_is_stale_until_the_next()
    {
        _board.Receive(Listed(0));
        _board.Receive(new MarkMessage(0, new MarkUpdate(1, 400_000, 1_000)));
        _board.Publish(1_000 + Mark.IndexStaleMs + 1);
        Assert.True(_board.Current[0].IsStale);

        _board.Receive(new MarkMessage(0, new MarkUpdate(2, 400_000, 20_000)));
        _board.Publish(20_000);
        Assert.False(_board.Current[0].IsStale);
    }

    private static InstrumentMessage Listed(int symbol) => new(1, Btc(symbol), TradingState.Trading);

    private static Instrument Btc(int symbol) => TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = $"C{symbol}USDT" }, symbol);
}

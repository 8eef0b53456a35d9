using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;

namespace Exchange.Grains.Tests.Markets;

/// <summary>A source and its followers, without silos: every call is answered, lost or late as the test wants it.</summary>
public sealed class ToldMarketTests
{
    private const long Price = 500_000;
    private const string Silo = "edge";
    private static readonly ViewLimits Limits = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Whatever_is_lost_late_or_dies_an_edge_shows_its_book_and_tells_every_trade_once(int seed)
    {
        var random = new Random(seed);
        SimulatedEdge[] edges = [new(Limits), new(Limits)];
        var book = new ToldBook(Limits, mostKept: 40, (silo, batch) => edges[silo[^1] - '0'].Call(batch));
        book.MakeDurable();
        for (int edge = 0; edge < edges.Length; edge++)
            Hear(book, edges[edge], edge);
        Assert.All(edges, edge => Assert.Equal(1, edge.Snapshots));
        for (int step = 0; step < 3_000; step++)
            Step(book, edges, random);

        book.NowMs += 1_000; // Of what changes nothing but time they are told every second.
        Trade(book);
        book.MakeDurable();
        for (int edge = 0; edge < edges.Length; edge++)
        {
            SimulatedEdge one = edges[edge];
            Hear(book, one, edge);
            MarketViewsAreEqual(book, one);
            Assert.Equal(Enumerable.Range(1, one.Trades.Count).Select(id => (ulong)id), one.Trades);
            Assert.InRange(one.Trades.Count, 51, 100_000);
            one.AssertReaderKnowsDepth();
        }

        Assert.True(edges.Sum(edge => edge.Resyncs) > 2);
    }

    [Fact]
    public void Nothing_is_told_before_it_is_durable()
    {
        var edge = new SimulatedEdge(Limits);
        ToldBook book = Followed(edge);
        Trade(book);
        Assert.Equal(0, edge.CallsUnderWay);
        book.BeginAppend();
        Assert.Equal(0, edge.CallsUnderWay);

        book.EndAppend();
        edge.Deliver();

        Assert.Equal([1UL], edge.Trades);
    }

    [Fact]
    public void How_all_stands_is_not_told_before_that_is_durable_either()
    {
        var edge = new SimulatedEdge(Limits);
        var book = new ToldBook(Limits, mostKept: 100, (_, batch) => edge.Call(batch));
        book.MakeDurable();
        Trade(book);

        book.Follow(Silo, default);
        Assert.Equal(0, edge.CallsUnderWay);
        book.MakeDurable();
        edge.Deliver();

        Assert.Equal(1UL, edge.Symbol.Market.Trades(0, 10).Items[0].TradeId);
    }

    [Fact]
    public void One_call_at_a_time_takes_along_what_was_made_meanwhile()
    {
        var edge = new SimulatedEdge(Limits);
        ToldBook book = Followed(edge);
        for (int i = 0; i < 5; i++)
        {
            Trade(book);
            book.MakeDurable();
            Assert.Equal(1, edge.CallsUnderWay);
        }

        edge.Deliver();
        edge.Deliver();

        Assert.Equal([1UL, 2, 3, 4, 5], edge.Trades);
        Assert.Equal(0, edge.CallsUnderWay);
    }

    [Fact]
    public void Who_is_too_far_behind_is_dropped_and_told_how_all_stands_once_it_asks_again()
    {
        var edge = new SimulatedEdge(Limits);
        ToldBook book = Followed(edge);
        for (int i = 0; i < 100; i++)
        {
            Trade(book);
            book.MakeDurable();
        }

        edge.Deliver();
        Assert.Equal((0, 0), (edge.CallsUnderWay, book.FollowerCount));

        Hear(book, edge, 0);

        Assert.Equal(2, edge.Snapshots);
        Assert.Equal(Enumerable.Range(1, 100).Select(id => (ulong)id), edge.Trades);
        edge.AssertReaderKnowsDepth();
    }

    [Fact]
    public void A_silo_that_does_not_answer_is_dropped()
    {
        var edge = new SimulatedEdge(Limits);
        ToldBook book = Followed(edge);
        Trade(book);
        book.MakeDurable();

        edge.LoseRequest();

        Assert.Equal(0, book.FollowerCount);
    }

    [Fact]
    public void Of_an_activation_that_is_over_nothing_is_taken_any_more()
    {
        var edge = new SimulatedEdge(Limits);
        var told = new MarketSegment(0, 5, 0, 0, []);
        byte[] nothing = ToldBook.Bytes(writer =>
        {
            writer.Write(false);
            writer.Write(0L);
        });
        edge.Symbol.Take(new MarketBatch(Core.Nodes.NodeId.Book(0), 3, told, nothing), 0, static _ => { });

        MarketPlace heard = edge.Symbol.Take(new MarketBatch(Core.Nodes.NodeId.Book(0), 2, told with { Through = 9 }, nothing), 0, static _ => { });

        Assert.Equal(new MarketPlace(3, 5), heard);
    }

    private static void Step(ToldBook book, SimulatedEdge[] edges, Random random)
    {
        int which = random.Next(edges.Length);
        SimulatedEdge edge = edges[which];
        switch (random.Next(100))
        {
            case < 40:
                book.NowMs += random.Next(50);
                book.Place((uint)random.Next(1, 3), (Side)random.Next(2), random.Next(1, 5), Price + random.Next(-4, 5));
                break;
            case < 55: book.BeginAppend(); break;
            case < 65: book.EndAppend(); break;
            case < 85: edge.Deliver(); break;
            case < 88: edge.LoseAnswer(); break;
            case < 91: edge.LoseRequest(); break;
            case < 93: edge.DeliverLate(random); break;
            case < 97: book.Follow($"edge {which}", edge.Heard); break;
            case 97: book.SetState(random.Next(4) == 0 ? TradingState.ReduceOnly : TradingState.Trading); break;
            case 98: book.Save(); break;
            default: book.Die(); break;
        }
    }

    private static ToldBook Followed(SimulatedEdge edge)
    {
        var book = new ToldBook(Limits, mostKept: 40, (_, batch) => edge.Call(batch));
        book.MakeDurable();
        Hear(book, edge, 0);
        return book;
    }

    /// <summary>Asks and takes until there is nothing left to hear.</summary>
    private static void Hear(ToldBook book, SimulatedEdge edge, int number)
    {
        for (int i = 0; i < 4; i++)
        {
            while (edge.CallsUnderWay != 0)
                edge.Deliver();
            book.Follow($"edge {number}", edge.Heard);
        }
    }

    private static void Trade(ToldBook book)
    {
        book.Place(1, Side.Sell, 1, Price);
        book.Place(2, Side.Buy, 1, Price);
    }

    private static void MarketViewsAreEqual(ToldBook book, SimulatedEdge edge)
    {
        var reader = new SnapshotReader(book.Shown());
        Assert.True(reader.ReadBool());
        reader.ReadInt64();
        SymbolMarket shown = SymbolMarket.Read(reader, 0, Limits);
        SymbolMarket mirrored = edge.Symbol.Market;
        Assert.Equal(ToldBook.Bytes(shown.Write), ToldBook.Bytes(mirrored.Write));
    }
}

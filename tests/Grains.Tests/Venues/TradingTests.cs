using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;

namespace Exchange.Grains.Tests.Venues;

public sealed class TradingTests
{
    private const long Price = 500_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_trade_reaches_both_accounts_wherever_they_live(int silos)
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos, symbols: 2, accounts: 2);

        CommandReply maker = await venue.Submit(venue.Limit(1, 0, Side.Buy, lots: 10, Price));
        CommandReply taker = await venue.Submit(venue.Limit(2, 0, Side.Sell, lots: 4, Price), silos - 1);

        Assert.Equal((RejectReason.None, RejectReason.None), (maker.Reason, taker.Reason));
        Assert.NotEqual(maker.Order!.OrderId, taker.Order!.OrderId);
        await venue.ComesToRest(accounts: 2);
        Assert.Equal((4L, -4L), (Lots(1), Lots(2)));
        await TestMoney.IsConserved(venue, symbols: 2, accounts: 2);

        long Lots(uint account) => venue.BookOf(0).Book!.Position(account, leg: 0);
    }

    [Fact]
    public async Task The_same_order_asked_again_is_the_same_order()
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 2, symbols: 1, accounts: 1);
        var order = venue.Limit(1, 0, Side.Buy, lots: 10, Price);

        CommandReply first = await venue.Submit(order);
        CommandReply again = await venue.Submit(order, silo: 1);

        Assert.Equal((first.Order!.OrderId, true), (again.Order!.OrderId, again.IsRepeat));
        Assert.Equal(1, venue.BookOf(0).Book!.OpenOrderCount);
    }

    [Fact]
    public async Task Many_orders_at_once_are_all_answered_and_no_money_is_lost()
    {
        const uint accounts = 8;
        const int symbols = 4;
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 2, symbols, accounts);
        var random = new Random(1);
        List<Task<CommandReply>> answers = [];
        for (int i = 0; i < 4_000; i++)
        {
            uint account = (uint)random.Next(1, (int)accounts + 1);
            Side side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
            answers.Add(venue.Submit(venue.Limit(account, random.Next(symbols), side, random.Next(1, 5), Price + random.Next(-20, 20)), silo: i % 2));
        }

        CommandReply[] all = await Task.WhenAll(answers).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.All(all, answer => Assert.True(answer.Reason is RejectReason.None or RejectReason.TooManyOrders, $"{answer.Reason}"));
        await venue.ComesToRest(accounts);
        await TestMoney.IsConserved(venue, symbols, accounts);
    }
}

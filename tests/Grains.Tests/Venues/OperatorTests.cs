using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;

namespace Exchange.Grains.Tests.Venues;

public sealed class OperatorTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task A_delisted_symbol_cancels_its_orders_settles_its_positions_at_the_price_and_takes_nothing_more()
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 2, symbols: 2, accounts: 3);
        IOperatorGrain desk = venue.Silos.GrainsOf(1).GetGrain<IOperatorGrain>(0);
        await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 10, Price));
        await venue.Do(venue.Limit(2, 0, Side.Sell, lots: 10, Price));
        CommandReply resting = await venue.Submit(venue.Limit(3, 0, Side.Buy, lots: 5, Price - 100));

        Assert.Equal(RejectReason.PriceRange, await desk.Settle(0, 0));
        Assert.Equal(RejectReason.None, await desk.Settle(0, Price + 1_000));

        await venue.ComesToRest(accounts: 3);
        Assert.Equal(TradingState.Settled, venue.BookOf(0).Book!.State);
        Assert.Equal((0L, 0L), (venue.BookOf(0).Book!.Position(1, 0), venue.AccountOf(2).Link.Account.PositionOf(0, 0).Lots));
        await TestMoney.IsConserved(venue, symbols: 2, accounts: 3);
        Assert.Equal(OrderStatus.Canceled, (await venue.Silos.GrainsOf(0).GetGrain<IPositionGrain>(3).FindOrder(resting.Order!.OrderId)).Value!.Status);
        Assert.Equal(
            (RejectReason.SymbolNotTrading, RejectReason.SymbolNotTrading, RejectReason.SymbolNotTrading, RejectReason.SymbolNotTrading),
            (await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 1, Price)), await desk.SetState(0, TradingState.Trading), await desk.Settle(0, Price),
            await desk.PostIndex(0, TestVenue.IndexE8)));
        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 1, Side.Buy, lots: 1, Price)));
    }

    [Fact]
    public async Task Funding_by_hand_is_paid_once_at_the_mark_set_by_hand()
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 1, symbols: 1, accounts: 2);
        IOperatorGrain desk = venue.Silos.GrainsOf(0).GetGrain<IOperatorGrain>(0);
        await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 10, Price));
        await venue.Do(venue.Limit(2, 0, Side.Sell, lots: 10, Price));
        await venue.ComesToRest(accounts: 2);
        long before = venue.AccountOf(2).Link.Account.WalletE8;

        Assert.Equal(RejectReason.PriceRange, await desk.SetMark(0, 0));
        Assert.Equal(RejectReason.None, await desk.SetMark(0, Price + 10));
        Assert.Equal(RejectReason.None, await desk.SettleFunding(0, 1_000_000));
        Assert.Equal(RejectReason.AmountRange, await desk.SettleFunding(0, long.MaxValue));

        await venue.ComesToRest(accounts: 2);
        await Condition.Holds(() => venue.AccountOf(2).Link.Account.WalletE8 > before);
        await TestMoney.IsConserved(venue, symbols: 1, accounts: 2);
    }
}

using Exchange.Api.Demo;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Api.Tests.Demo;

/// <summary>What a newcomer sees of the demo market, and what it does to a user: nothing but trade with them.</summary>
public sealed class DemoMarketTests
{
    private const int Btc = 0;

    [Fact]
    public async Task The_same_seed_and_steps_lead_two_venues_to_the_same_state_and_another_seed_to_another()
    {
        UInt128[] hashes = new UInt128[3];
        for (int i = 0; i < hashes.Length; i++)
        {
            using DemoVenue venue = await DemoVenue.Start(seed: i == 2 ? 2 : 1);
            await venue.Steps(40);
            hashes[i] = await venue.StateHash();
        }

        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public async Task After_a_few_steps_each_book_is_deep_on_both_sides_around_the_index()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(8);

        for (int symbol = 0; symbol < 2; symbol++)
        {
            DepthView depth = venue.Exchange.GetDepth(symbol, 100);
            Assert.InRange(depth.Bids.Length, 30, 100);
            Assert.InRange(depth.Asks.Length, 30, 100);
            long index = venue.Exchange.GetTicker(symbol).IndexE8 / venue.Exchange.Instruments[symbol].TickE8;
            Assert.InRange(depth.Bids[0].PriceTicks, index * 995 / 1_000, index * 1_005 / 1_000);
            Assert.InRange(depth.Asks[0].PriceTicks - depth.Bids[0].PriceTicks, 1, index / 1_000);
        }
    }

    [Fact]
    public async Task Trades_come_several_a_second_and_make_candles_and_orders_a_few_hundred_at_most()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(8);
        ulong before = await Sequence(venue);
        await venue.Steps(120);

        Assert.InRange(venue.Exchange.GetTicker(Btc).Trades + venue.Exchange.GetTicker(1).Trades, 90, 1_000);
        Assert.NotEmpty(venue.Exchange.GetCandles(Btc, CandleInterval.OneMinute, 0, long.MaxValue, 10, CandlePrice.Trade).Items);
        Assert.InRange(await Sequence(venue) - before, 30ul * 20, 30ul * 300);
    }

    [Fact]
    public async Task A_user_trades_against_it_at_once()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(8);

        CommandReply reply = await venue.UsersMarket(Btc, Side.Buy, 10);
        Assert.Equal(OrderStatus.Filled, reply.Order!.Status);
    }

    [Fact]
    public async Task A_users_orders_stay_until_the_market_comes_to_them()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(8);
        ulong far = (await venue.UsersLimit(Btc, Side.Buy, 10, 450_000)).Order!.OrderId;
        DepthView depth = venue.Exchange.GetDepth(Btc, 40);
        ulong near = (await venue.UsersLimit(Btc, Side.Sell, 10, depth.Asks[0].PriceTicks)).Order!.OrderId;

        for (int i = 0; i < 2_000 && (await venue.Exchange.FindOrder(DemoVenue.User, near, default))!.Status != OrderStatus.Filled; i++)
            await venue.Steps(1);
        Assert.Equal(OrderStatus.Filled, (await venue.Exchange.FindOrder(DemoVenue.User, near, default))!.Status);
        Assert.Equal(OrderStatus.New, (await venue.Exchange.FindOrder(DemoVenue.User, far, default))!.Status);
    }

    [Fact]
    public async Task What_a_user_offers_above_what_it_is_worth_is_taken_in_the_next_step()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(8);

        // More than stands within half a percent: the rest is the best bid, far above the index.
        DepthView depth = venue.Exchange.GetDepth(Btc, 100);
        long within = depth.Asks.Where(level => level.PriceTicks <= 502_500).Sum(level => level.Lots);
        CommandReply reply = await venue.UsersLimit(Btc, Side.Buy, within + 10, 502_500);
        Assert.Equal(OrderStatus.PartiallyFilled, reply.Order!.Status);

        await venue.Steps(1);
        Assert.Equal(OrderStatus.Filled, (await venue.Exchange.FindOrder(DemoVenue.User, reply.Order.OrderId, default))!.Status);
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_market_as_it_was()
    {
        using DemoVenue venue = await DemoVenue.Start();
        await venue.Steps(20);
        long depositsBefore = await Deposits(venue);
        long[] before = await Open(venue);

        await venue.Restart();
        Assert.Equal(before, await Open(venue));
        Assert.Equal(depositsBefore, await Deposits(venue));

        long index = venue.Exchange.GetTicker(Btc).IndexE8;
        await venue.Steps(1);
        Assert.InRange(venue.Exchange.GetTicker(Btc).IndexE8, index * 98 / 100, index * 102 / 100);
        Assert.StartsWith("demo-21-", (await venue.Exchange.GetOrders(DemoHouse.Makers[0], -1, 0, 1, default)).Items[0].ClientOrderId, StringComparison.Ordinal);
        Assert.InRange((await Open(venue)).Except(before).Count(), 1, 60);
    }

    [Fact]
    public async Task Now_and_then_a_gambler_is_liquidated_and_comes_back()
    {
        using DemoVenue venue = await DemoVenue.Start();
        int steps = 0;
        while (steps++ < 4_000 && venue.Exchange.GetStats(Btc, 1).Liquidations.Length == 0)
            await venue.Steps(1);
        Assert.NotEmpty(venue.Exchange.GetStats(Btc, 1).Liquidations);
    }

    [Theory]
    [InlineData(false, 250, 20, 200, "Development only")]
    [InlineData(true, 49, 20, 200, "'Demo:StepMs'")]
    [InlineData(true, 250, 51, 200, "'Demo:Levels'")]
    [InlineData(true, 250, 20, 501, "'Demo:OrdersPerSecond'")]
    public void Settings_out_of_range_are_refused_by_name(bool isDevelopment, int stepMs, int levels, int ordersPerSecond, string words)
    {
        var options = new DemoOptions { Run = true, StepMs = stepMs, Levels = levels, OrdersPerSecond = ordersPerSecond };
        Assert.Contains(words, options.Problem(isDevelopment), StringComparison.Ordinal);
        options.Run = false;
        Assert.Null(options.Problem(isDevelopment));
    }

    private static async Task<ulong> Sequence(DemoVenue venue) =>
        (await venue.Submit(new Command { Kind = CommandKind.Time })).Sequence;

    private static ValueTask<long> Deposits(DemoVenue venue) => venue.Exchange.Ask(engine => (long)engine.Clearing.DepositsE8, default);

    private static async Task<long[]> Open(DemoVenue venue)
    {
        var orders = new List<long>();
        foreach (uint account in DemoHouse.Makers.ToArray())
            orders.AddRange((await venue.Exchange.GetOpenOrders(account, -1, default)).Select(order => (long)order.OrderId));
        return [.. orders.Order()];
    }
}

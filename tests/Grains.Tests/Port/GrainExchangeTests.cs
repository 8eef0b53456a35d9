using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Port;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using StreamId = Exchange.Storage.Streams.StreamId;

namespace Exchange.Grains.Tests.Port;

/// <summary>The port of the exchange over two silos.</summary>
public sealed class GrainExchangeTests : IAsyncLifetime
{
    private const long Price = 500_000;
    private const uint Accounts = 2;
    private readonly InMemoryStreamStore _store = new();
    private TestVenue _venue = null!;
    private GrainExchange _exchange = null!;

    public async Task InitializeAsync()
    {
        _venue = await TestVenue.Open(_store, silos: 2, symbols: 1, Accounts);
        _exchange = _venue.Silos.Services[0].GetRequiredService<GrainExchange>();
        await Condition.Holds(() => _exchange.IsReady);
    }

    public Task DisposeAsync() => _venue.DisposeAsync().AsTask();

    /// <summary>Accounts of both silos: of the exchange's own, and of the other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_listener_hears_all_once_and_in_order_however_often_the_account_is_brought_up_anew(uint account)
    {
        var hearer = new OwnHearer();
        using OwnSubscription subscription = await _exchange.SubscribeAccount(account, null, 100, hearer, CancellationToken.None);
        var placed = new List<ulong>();
        for (int round = 0; round < 12; round++)
        {
            placed.Add(await Place(account, Side.Buy));
            await Place(3 - account, Side.Sell);
            await _venue.Do(_venue.Deposit(account, 7));

            // As a silo does that takes this one for dead: the activation finds out with its next write.
            if (round % 3 == 1)
                await _store.Open(new StreamId((byte)NodeKind.Account, account), CancellationToken.None);
            else if (round % 3 == 2)
                await _venue.Silos.Deactivate<IPositionGrain>(account);
        }

        await Condition.Holds(() => Count(hearer, FeedKind.Fill) == 12 && Count(hearer, FeedKind.Balance) == 24);
        Assert.False(hearer.IsBroken);
        OwnEvent[] heard = hearer.Heard;
        Assert.Equal(placed, heard.Where(told => told.Happened.Kind == FeedKind.OrderAccepted).Select(told => told.Happened.Id));
        long wallet = (await _exchange.GetAccount(account, CancellationToken.None))!.WalletE8;
        Assert.Equal(wallet - TestVenue.FundsE8, heard.Where(told => told.Happened.Kind == FeedKind.Balance).Sum(told => told.Happened.Amount));
        long[] trades = [.. heard.Where(told => told.Happened.Kind == FeedKind.Fill).Select(told => told.Happened.Other)];
        Assert.Equal(trades.Distinct().Order(), trades);

        // From the cursor of any event the rest is told again, perhaps in another turn: the last life had it so.
        for (int i = 0; i < heard.Length; i += 17)
        {
            using OwnSubscription resumed = await _exchange.SubscribeAccount(account, heard[i].Cursor, 1_000, new OwnHearer(), CancellationToken.None);
            Assert.Equal(CursorRefusal.None, resumed.Refusal);
            Assert.Equal(heard[(i + 1)..].Select(Text).Order(StringComparer.Ordinal), resumed.Missed.Select(Text).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_cursor_of_another_account_and_one_of_what_has_not_happened_are_refused()
    {
        var unknown = new OwnCursor(1, 1_000_000);
        var others = new OwnCursor(2, 0);

        foreach (OwnCursor cursor in new[] { unknown, others })
        {
            using OwnSubscription refused = await _exchange.SubscribeAccount(1, cursor, 100, new OwnHearer(), CancellationToken.None);
            Assert.Equal(CursorRefusal.Unknown, refused.Refusal);
        }

        using OwnSubscription tooMuch = await _exchange.SubscribeAccount(1, new OwnCursor(1, 0), 0, new OwnHearer(), CancellationToken.None);
        Assert.Equal(CursorRefusal.TooOld, tooMuch.Refusal);
    }

    [Fact]
    public async Task An_account_is_read_wherever_it_lives_and_one_that_was_never_opened_is_unknown()
    {
        await Place(1, Side.Buy);
        await Place(2, Side.Sell);
        for (uint account = 1; account <= Accounts; account++)
        {
            await Condition.Holds(async () => (await _exchange.GetAccount(account, CancellationToken.None))!.Positions.Length == 1);
            AccountView view = (await _exchange.GetAccount(account, CancellationToken.None))!;
            Assert.Equal(account == 1 ? 1 : -1, view.Positions[0].Lots);
            Assert.InRange(view.Positions[0].AdlQuintile, 1, 5);
        }

        Assert.Null(await _exchange.GetAccount(99, CancellationToken.None));
        Assert.Equal(RejectReason.UnknownAccount, (await _exchange.Submit(_venue.Deposit(99, 1), CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task An_instrument_that_is_listed_or_halted_shows_at_the_edge_that_asked_and_counts_for_every_account()
    {
        Assert.Equal(RejectReason.None, (await _exchange.List(TestInstruments.Create(1), CancellationToken.None)).Reason);
        Assert.Equal("C1USDT", _exchange.Instruments[1].Symbol);
        Assert.Equal(RejectReason.SymbolExists, (await _exchange.List(TestInstruments.Create(1), CancellationToken.None)).Reason);

        var halt = new Command { Kind = CommandKind.SetState, Symbol = 0, State = TradingState.Halted };
        Assert.Equal(RejectReason.None, (await _exchange.Submit(in halt, CancellationToken.None)).Reason);

        Assert.Equal(TradingState.Halted, _exchange.GetState(0));
        for (uint account = 1; account <= Accounts; account++)
            Assert.Equal(RejectReason.SymbolNotTrading, await _venue.Do(_venue.Limit(account, 0, Side.Buy, lots: 1, Price)));
    }

    private async Task<ulong> Place(uint account, Side side)
    {
        Command order = _venue.Limit(account, 0, side, lots: 1, Price);
        CommandReply reply;
        do
            reply = await _exchange.Submit(in order, CancellationToken.None);
        while (reply.Reason == RejectReason.AccountRecovering);
        Assert.Equal(RejectReason.None, reply.Reason);
        return reply.Order!.OrderId;
    }

    private static int Count(OwnHearer hearer, FeedKind kind) => hearer.Heard.Count(told => told.Happened.Kind == kind);

    private static string Text(OwnEvent told)
    {
        FeedEvent e = told.Happened;
        return $"{e.Kind} {e.Id} {e.Status} {e.Lots} {e.Amount}";
    }
}

using System.Globalization;
using Exchange.Core.Nodes;
using Exchange.NativeApi.Servers;
using Exchange.NativeApi.Suites;
using Exchange.Storage.Streams;
using StreamId = Exchange.Storage.Streams.StreamId;

namespace Exchange.Silo.Acceptance.Faults;

/// <summary>Faults of the store as clients see them: what is not durable is not acknowledged, and a repeat is done once.</summary>
public sealed class FaultySiloTests(FaultySilos silos) : NativeApiSuite(silos), IClassFixture<FaultySilos>
{
    public override async Task DisposeAsync()
    {
        silos.Store.Faults = null;
        silos.Store.Release();
        await base.DisposeAsync();
    }

    [SkippableFact]
    public async Task Nothing_is_acknowledged_while_the_store_does_not_answer_and_a_repeat_is_done_once()
    {
        string order = Market.Limit("buy", "49000", "0.1", ""","clientOrderId":"held" """);
        silos.Store.Faults = call => call.Kind == StoreCallKind.Append && call.Stream.Kind == (byte)NodeKind.Book ? StoreFault.Stall : StoreFault.None;

        Assert.Equal("504 OUTCOME_UNKNOWN", (await Alice.Place(order)).Refusal);
        silos.Store.Faults = null;
        silos.Store.Release();
        ApiReply done = await PlaceUntilDone(Alice, order);

        Assert.Equal([done["orderId"]], (await Alice.Get("/api/v1/orders")).Rows("orders", "orderId"));
    }

    [SkippableFact]
    public async Task While_the_store_refuses_every_write_orders_fail_as_documented_and_go_on_after_it()
    {
        (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);
        silos.Store.Faults = call => call.Kind is StoreCallKind.Append or StoreCallKind.WriteState ? StoreFault.Refuse : StoreFault.None;

        string order = Market.Limit("buy", "49000", "0.1", ""","clientOrderId":"refused" """);
        for (int i = 0; i < 3; i++)
            ExpectTold(await Alice.Place(order), mayBeDone: false);
        silos.Store.Faults = null;
        await PlaceUntilDone(Alice, order);

        Assert.Equal(2, (await Alice.GetUntil("/api/v1/orders?status=open", reply => reply.Count("orders") == 2)).Count("orders"));
    }

    [SkippableFact]
    public async Task Over_many_failed_writes_every_order_is_done_once_and_the_money_adds_up()
    {
        var random = new Random(7);
        silos.Store.Faults = call =>
        {
            if (call.Kind is not (StoreCallKind.Append or StoreCallKind.WriteState))
                return StoreFault.None;
            lock (random)
                return random.Next(12) == 0 ? (StoreFault)random.Next((int)StoreFault.Refuse, (int)StoreFault.LoseRequest + 1) : StoreFault.None;
        };

        await Task.WhenAll(PlaceMany(Alice, "buy", 40), PlaceMany(Bob, "sell", 40));
        silos.Store.Faults = null;

        // All match: what one buys the other sells.
        decimal aliceFees = await FeesOf(Alice);
        decimal bobFees = await FeesOf(Bob);
        await ExpectPosition(Alice, "qty=0.04 entryPrice=50000");
        await ExpectPosition(Bob, "qty=-0.04 entryPrice=50000");
        Assert.Equal((100_000 - aliceFees, 100_000 - bobFees), (await WalletOf(Alice), await WalletOf(Bob)));

        // By their ids: of orders that ended before an activation took over, their client ids' text is not known any more.
        string[] ids = (await Alice.Get("/api/v1/orders?limit=100")).Rows("orders", "orderId");
        Assert.Equal((40, 40), (ids.Length, ids.Distinct().Count()));
    }

    [SkippableTheory]
    [InlineData(NodeKind.Book)]
    [InlineData(NodeKind.Account)]
    public async Task A_machine_that_another_activation_has_opened_steps_down_and_its_clients_go_on(NodeKind kind)
    {
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        // As a silo does that takes this one for dead.
        foreach (StreamId stream in StreamsOf(kind))
            await silos.Store.Open(stream, CancellationToken.None);
        ApiReply bought = await PlaceUntilDone(Alice, Market.Limit("buy", "50000", "0.1", ""","clientOrderId":"over" """));
        (await Server.Admin.Post("/api/v1/admin/deposits", $$"""{"accountId":"{{Alice.Account}}","transferId":"d","amount":"1"}""")).Required();

        await Alice.GetUntil($"/api/v1/orders/{bought["orderId"]}", reply => reply["status"] == "filled");
        await ExpectPosition(Bob, "qty=-0.1 entryPrice=50000");
        Assert.Equal(99_998.5m, await WalletOf(Alice));
    }

    /// <summary>Of the accounts, or of every book there may be.</summary>
    private IEnumerable<StreamId> StreamsOf(NodeKind kind) => kind == NodeKind.Account
        ? [new((byte)kind, uint.Parse(Alice.Account))]
        : Enumerable.Range(0, int.Parse(Market.Symbol.AsSpan(1, Market.Symbol.Length - "MUSDT".Length))).Select(symbol => new StreamId((byte)kind, (uint)symbol));

    private async Task PlaceMany(Trader trader, string side, int count)
    {
        for (int i = 0; i < count; i++)
            await PlaceUntilDone(trader, Market.Limit(side, "50000", "0.001", $",\"clientOrderId\":\"many-{i}\""));
    }

    /// <summary>As a client does that is told to repeat it.</summary>
    private static async Task<ApiReply> PlaceUntilDone(Trader trader, string order)
    {
        ApiReply? last = null;
        await Condition.Holds(async () =>
        {
            last = await trader.Place(order);
            ExpectTold(last, mayBeDone: true);
            return last.IsSuccess;
        });
        return last!;
    }

    /// <summary>Done, or refused with a code that says to repeat it.</summary>
    private static void ExpectTold(ApiReply reply, bool mayBeDone)
    {
        if (reply.Status == 503)
            Assert.True(reply.Headers.Contains("Retry-After"), reply.Text);
        else if (!mayBeDone || !reply.IsSuccess)
            Assert.Equal("504 OUTCOME_UNKNOWN", reply.Refusal);
    }

    private static async Task<decimal> FeesOf(Trader trader)
    {
        ApiReply fills = await trader.GetUntil(
            "/api/v1/fills?limit=1000", reply => reply.Rows("fills", "qty").Sum(qty => decimal.Parse(qty, CultureInfo.InvariantCulture)) == 0.04m);
        return fills.Rows("fills", "fee").Sum(fee => decimal.Parse(fee, CultureInfo.InvariantCulture));
    }

    private static async Task<decimal> WalletOf(Trader trader) =>
        decimal.Parse((await trader.Get("/api/v1/account")).Required()["walletBalance"], CultureInfo.InvariantCulture);
}

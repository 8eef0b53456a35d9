using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>Pages of one's own history, and that they stand still while rows are added.</summary>
public abstract class HistorySuite(VenueServer server) : NativeApiSuite(server)
{
    private const int Trades = 7;

    [SkippableTheory]
    [InlineData("/api/v1/orders", "orders", "orderId")]
    [InlineData("/api/v1/fills", "fills", "tradeId")]
    [InlineData("/api/v1/ledger", "movements", "movementId")]
    public async Task Every_row_comes_once_newest_first_though_others_are_added(string target, string list, string id)
    {
        await Trade(Trades);
        string[] all = (await Alice.GetUntil(target, reply => reply.Count(list) >= Trades)).Rows(list, id);

        List<string> paged = [];
        string? cursor = null;
        do
        {
            ApiReply page = (await Alice.Get($"{target}?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Required();
            paged.AddRange(page.Rows(list, id));
            cursor = page.Json.TryGetProperty("nextCursor", out _) ? page["nextCursor"] : null;
            await Trade(1);
        }
        while (cursor is not null);

        Assert.Equal(all, paged);
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [SkippableFact]
    public async Task A_page_of_one_symbol_has_nothing_of_another()
    {
        Market other = await Server.NewMarket();
        await Trade(2);
        (await Alice.Place(other.Limit("buy", "49000", "0.001"))).Required(201);

        Assert.Equal([other.Symbol], (await Alice.Get($"/api/v1/orders?symbol={other.Symbol}")).Rows("orders", "symbol"));
        Assert.Equal(2, (await Alice.Get($"/api/v1/orders?symbol={Market.Symbol}")).Count("orders"));
        Assert.Equal(3, (await Alice.Get("/api/v1/orders")).Count("orders"));
        Assert.Equal(0, (await Alice.Get($"/api/v1/fills?symbol={other.Symbol}")).Count("fills"));
    }

    [SkippableFact]
    public async Task What_was_done_is_shown_to_who_did_it_as_soon_as_it_is_answered()
    {
        for (int i = 0; i < 20; i++)
        {
            ApiReply placed = (await Alice.Place(Market.Limit("buy", "49000", "0.001"))).Required(201);
            Assert.Equal(placed["orderId"], (await Alice.Get("/api/v1/orders?limit=1")).Rows("orders", "orderId")[0]);
            (await Alice.Delete($"/api/v1/orders/{placed["orderId"]}")).Required();
            (await Alice.Get($"/api/v1/orders/{placed["orderId"]}")).Shows("status=canceled");
        }
    }

    /// <summary>Alice takes what Bob offers, an order each.</summary>
    private async Task Trade(int times)
    {
        for (int i = 0; i < times; i++)
        {
            (await Bob.Place(Market.Limit("sell", "50000", "0.001"))).Required(201);
            (await Alice.Place(Market.AtMarket("buy", "0.001"))).Required(201).Shows("status=filled");
        }
    }
}

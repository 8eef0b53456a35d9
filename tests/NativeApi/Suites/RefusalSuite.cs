using System.Text.RegularExpressions;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What the exchange refuses, by its documented code and with what would have passed; nothing changes.</summary>
public abstract partial class RefusalSuite(VenueServer server) : NativeApiSuite(server)
{
    private static readonly HashSet<string> DocumentedCodes = [.. Codes().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "errors.md")))
        .Select(row => row.Groups["code"].Value)];

    /// <summary>Fields of an order, SYMBOL standing for the market; alice has 100000 USDT, an order that rests and no position.</summary>
    public static TheoryData<string, string, string> Orders => new()
    {
        { """ "side":"buy","type":"limit","price":"49000.05","qty":"0.01" """, "422 PRICE_TICK", "0.1" },
        { """ "side":"buy","type":"limit","price":"0","qty":"0.01" """, "422 PRICE_RANGE", "0.1" },
        { """ "side":"buy","type":"limit","price":"1000000.1","qty":"0.01" """, "422 PRICE_RANGE", "1000000" },
        { """ "side":"buy","type":"limit","price":"52500.1","qty":"0.01" """, "422 PRICE_BAND", "52500" },
        { """ "side":"sell","type":"limit","price":"47499.9","qty":"0.01" """, "422 PRICE_BAND", "47500" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.0005" """, "422 QTY_STEP", "0.001" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0" """, "422 QTY_RANGE", "0.001" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"1000.001" """, "422 QTY_RANGE", "1000" },
        { """ "side":"buy","type":"limit","price":"4900","qty":"0.001" """, "422 MIN_NOTIONAL", "5" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"45" """, "422 INSUFFICIENT_MARGIN", "99975.5" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","timeInForce":"gtd","gtdMs":1 """, "422 GTD_IN_PAST", "-" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","positionSide":"long" """, "422 POSITION_SIDE_MISMATCH", "-" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","reduceOnly":true """, "422 REDUCE_ONLY_REJECT", "-" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","stopPrice":"49000" """, "422 BAD_COMBINATION", "-" },
        { """ "side":"sell","type":"trailing_stop_market","qty":"0.01","callbackRate":"0.2" """, "422 BAD_CALLBACK_RATE", "-" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","timeInForce":"fok" """, "422 FOK_WOULD_NOT_FILL", "-" },
        { """ "side":"buy","type":"limit","price":"49001","qty":"0.01","clientOrderId":"rests" """, "409 CLIENT_ID_REUSED", "-" },
        { """ "side":"buy","type":"stop_market","qty":"0.01","stopPrice":"49000","workingType":"mark" """, "422 WOULD_TRIGGER", "-" },
        { """ "side":"up","type":"limit","price":"49000","qty":"0.01" """, "400 BAD_VALUE", "buy, sell" },
        { """ "side":"buy","type":"limit","price":"4.9e4","qty":"0.01" """, "400 BAD_DECIMAL", "-" },
        { """ "side":"buy","type":"limit","price":"49000","qty":"0.01","colour":"red" """, "400 UNKNOWN_FIELD", "*" },
    };

    /// <summary>Other requests that change something; ORDER stands for the id of the order that rests.</summary>
    public static TheoryData<string, string, string?, string> Requests => new()
    {
        { "PATCH", "/api/v1/orders/ORDER", """{"qty":"0.01","price":"49000"}""", "422 NO_CHANGE" },
        { "PATCH", "/api/v1/orders/ORDER", """{"price":"60000"}""", "422 PRICE_BAND" },
        { "PATCH", "/api/v1/orders/ORDER", """{"qty":"1000"}""", "422 INSUFFICIENT_MARGIN" },
        { "PATCH", "/api/v1/orders/ORDER", "{}", "400 MISSING_FIELD" },
        { "DELETE", "/api/v1/orders/999999999", null, "404 UNKNOWN_ORDER" },
        { "DELETE", "/api/v1/orders/999999999?symbol=SYMBOL", null, "404 UNKNOWN_ORDER" },
        { "DELETE", "/api/v1/orders/client:nobody?symbol=SYMBOL", null, "404 UNKNOWN_ORDER" },
        { "DELETE", "/api/v1/orders?symbol=NONE", null, "404 UNKNOWN_SYMBOL" },
        { "PUT", "/api/v1/positions/SYMBOL/leverage", """{"leverage":0}""", "422 LEVERAGE_RANGE" },
        { "PUT", "/api/v1/positions/SYMBOL/margin-mode", """{"marginMode":"cross"}""", "422 NO_CHANGE" },
        { "PUT", "/api/v1/positions/SYMBOL/margin-mode", """{"marginMode":"isolated"}""", "422 OPEN_ORDERS" },
        { "PUT", "/api/v1/positions/SYMBOL/margin", """{"transferId":"t","action":"add","amount":"1"}""", "422 NO_ISOLATED_POSITION" },
        { "PUT", "/api/v1/account/position-mode", """{"positionMode":"one_way"}""", "422 NO_CHANGE" },
        { "PUT", "/api/v1/cancel-after", """{"symbol":"SYMBOL","timeoutMs":86400001}""", "422 COUNTDOWN_RANGE" },
        { "POST", "/api/v1/orders/batch", """{"orders":[]}""", "422 BATCH_SIZE" },
        { "POST", "/api/v1/admin/accounts", """{"accountId":"9"}""", "403 PERMISSION_MISSING" },
        { "GET", "/api/v1/orders?cursor=AAAAAAAAAAA", null, "400 BAD_CURSOR" },
        { "GET", "/api/v1/fills?limit=1001", null, "400 BAD_INTEGER" },
        { "GET", "/api/v1/candles/SYMBOL?interval=7m", null, "400 BAD_VALUE" },
        { "GET", "/api/v1/orderbook/NONE", null, "404 UNKNOWN_SYMBOL" },
        { "GET", "/api/v1/nothing", null, "404 NOT_FOUND" },
        { "PUT", "/api/v1/orders", "{}", "405 METHOD_NOT_ALLOWED" },
    };

    private string _resting = "";
    private string _before = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _resting = (await Alice.Place(Market.Limit("buy", "49000", "0.01", ""","clientOrderId":"rests" """))).Required(201)["orderId"];
        _before = await Held();
    }

    [SkippableTheory, MemberData(nameof(Orders))]
    public async Task An_order_that_must_not_be_is_refused_with_what_would_have_passed(string fields, string refusal, string limit)
    {
        ApiReply reply = await Alice.Place($"{{\"symbol\":\"{Market.Symbol}\",{fields}}}");

        ExpectDocumented(refusal, reply);
        if (limit != "*")
            Assert.Equal(limit, Fields.TextOf(reply.Json, "limit"));
        Assert.Equal(_before, await Held());
    }

    [SkippableTheory, MemberData(nameof(Requests))]
    public async Task A_request_that_must_not_be_is_refused(string method, string target, string? body, string refusal)
    {
        string Filled(string text) => text.Replace("SYMBOL", Market.Symbol, StringComparison.Ordinal).Replace("ORDER", _resting, StringComparison.Ordinal);

        ExpectDocumented(refusal, await Alice.Send(method, Filled(target), body is null ? null : Filled(body)));
        Assert.Equal(_before, await Held());
    }

    [SkippableFact]
    public async Task More_open_orders_than_an_account_may_have_are_refused()
    {
        for (int batch = 0; batch < 2; batch++)
        {
            string orders = string.Join(',', Enumerable.Range(0, 100).Select(i => Market.Limit("buy", $"{48000 + i}", "0.001")));
            (await Alice.Post("/api/v1/orders/batch", $"{{\"orders\":[{orders}]}}")).Required();
        }

        ApiReply refused = await Alice.Place(Market.Limit("buy", "48000", "0.001"));

        ExpectDocumented("422 TOO_MANY_ORDERS", refused);
        Assert.Equal("200", refused["limit"]);
        Assert.Equal(200, (await Alice.Get("/api/v1/orders?status=open")).Count("orders"));
    }

    [SkippableFact]
    public async Task A_position_beyond_the_bracket_of_its_leverage_is_refused()
    {
        (await Alice.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":125}""")).Required();

        ExpectDocumented("422 POSITION_LIMIT", await Alice.Place(Market.Limit("buy", "49000", "1.1")));
    }

    private static void ExpectDocumented(string refusal, ApiReply reply)
    {
        Assert.Equal(refusal, reply.Refusal);
        Assert.Contains(refusal[4..], DocumentedCodes);
        Assert.True(reply.Headers.Contains("X-Request-Id"));
    }

    /// <summary>All that the account and the book hold.</summary>
    private async Task<string> Held() => string.Join(
        '\n', (await Alice.Get("/api/v1/account")).Required().Text, (await Alice.Get("/api/v1/orders")).Required().Text,
        (await Alice.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["bids"] == """[["49000","0.01"]]"""))["asks"]);

    [GeneratedRegex(@"^\| `(?<code>[A-Z_]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Codes();
}

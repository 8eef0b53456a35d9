using Exchange.Cli.Http;
using Exchange.Core.Units;

namespace Exchange.Cli.Replay;

/// <summary>An instrument of the replay's own on a running server, two makers and a taker; and the requests it is played with.</summary>
/// <remarks>The makers share the book, since an account may have 10,000 orders open. The taker is a third, so no own order is ever met.</remarks>
internal sealed class ReplayVenue
{
    private const int Makers = 2;
    private const int E8PerE4 = 10_000;

    // Wide bands and no fees: whatever was recorded must be taken. The highest price leaves room for a position of 9,000,000 shares.
    private const string Terms = """
        "tickSize":"0.01","lotSize":"1","makerFee":"0","takerFee":"0","liquidationFee":"0","bandUp":"2","bandDown":"0.5","marketBound":"0.5",
        "minQty":"1","maxQty":"1000000","minNotional":"0","maxPrice":"10000","maxOrders":10000,"fixedIndex":"585",
        "brackets":[{"cap":"1000000000","maxLeverage":20,"maintenanceRate":"0.01"}]
        """;

    private readonly Uri _server;
    private readonly string[] _makers;
    private readonly string _taker;

    private ReplayVenue(Uri server, string symbol, string[] makers, string taker)
    {
        _server = server;
        Symbol = symbol;
        _makers = makers;
        _taker = taker;
    }

    public string Symbol { get; }

    public int MakerCount => _makers.Length;

    /// <exception cref="InvalidDataException">The server refused a step; the message says why.</exception>
    public static ReplayVenue Create(Uri server, ServerKeys keys, TimeProvider time)
    {
        const string funds = "1000000000";
        using var administrator = new ServerAdministrator(server, keys, time);
        string symbol = administrator.List("AAPL", Terms);
        string[] makers = [.. Enumerable.Range(0, Makers).Select(_ => administrator.CreateTrader(funds))];
        return new ReplayVenue(server, symbol, makers, administrator.CreateTrader(funds));
    }

    /// <summary>Post-only: no recorded order crosses the book, so one that would is a fault of the replay.</summary>
    public byte[] Place(ReplayOrder order) =>
        Request("POST", "/api/v1/orders", _makers[order.Maker], Order(order.IsBuy, order.PriceE4, order.Shares, "gtx"));

    public byte[] Take(in LobsterMessage execution, long shares) =>
        Request("POST", "/api/v1/orders", _taker, Order(!execution.IsBuy, execution.PriceE4, shares, "ioc"));

    public byte[] Amend(ReplayOrder order) =>
        Request("PATCH", $"/api/v1/orders/{order.ServerId}?symbol={Symbol}", _makers[order.Maker], $$"""{"qty":"{{order.TotalShares}}"}""");

    public byte[] Cancel(ReplayOrder order) => Request("DELETE", $"/api/v1/orders/{order.ServerId}?symbol={Symbol}", _makers[order.Maker]);

    public byte[] Book(int levels) => Request("GET", $"/api/v1/orderbook/{Symbol}?levels={levels}", null);

    public byte[] OpenOrders(int maker) => Request("GET", $"/api/v1/orders?symbol={Symbol}&status=open", _makers[maker]);

    private byte[] Request(string method, string target, string? token, string? json = null) =>
        WireRequest.Create(_server, method, target, token, json);

    private string Order(bool isBuy, long priceE4, long shares, string timeInForce) =>
        $$"""
        {"symbol":"{{Symbol}}","side":"{{(isBuy ? "buy" : "sell")}}","type":"limit","price":"{{DecimalText.ToText((Int128)priceE4 * E8PerE4)}}","qty":"{{shares}}","timeInForce":"{{timeInForce}}"}
        """;
}

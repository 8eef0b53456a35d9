namespace Exchange.NativeApi.Servers;

/// <summary>A symbol that one test has to itself: index and mark 50000, tick 0.1, lot 0.001, fees 0.02 and 0.05 %, leverage to 125.</summary>
public sealed record Market(string Symbol)
{
    private const string Terms = """
        "tickSize":"0.1","lotSize":"0.001","makerFee":"0.0002","takerFee":"0.0005","liquidationFee":"0.0125","bandUp":"1.05","bandDown":"0.95",
        "marketBound":"0.02","minQty":"0.001","maxQty":"1000","minNotional":"5","maxPrice":"1000000","triggerProtect":"0.05","fixedIndex":"50000",
        "brackets":[{"cap":"50000","maxLeverage":125,"maintenanceRate":"0.004"},{"cap":"600000","maxLeverage":100,"maintenanceRate":"0.005"},
          {"cap":"3000000","maxLeverage":75,"maintenanceRate":"0.0065"},{"cap":"100000000","maxLeverage":20,"maintenanceRate":"0.025"}]
        """;

    /// <summary>What an administrator lists it with.</summary>
    public string Listing => $$"""{"symbol":"{{Symbol}}",{{Terms}}}""";

    /// <param name="more">Further fields, each with a comma before it.</param>
    public string Limit(string side, string price, string qty, string more = "") =>
        $$"""{"symbol":"{{Symbol}}","side":"{{side}}","type":"limit","price":"{{price}}","qty":"{{qty}}"{{more}}}""";

    /// <inheritdoc cref="Limit"/>
    public string AtMarket(string side, string qty, string more = "") => Order(side, "market", $"""
        "qty":"{qty}"{more}
        """);

    public string Order(string side, string type, string fields) => $$"""{"symbol":"{{Symbol}}","side":"{{side}}","type":"{{type}}",{{fields}}}""";
}

namespace Exchange.Cli.Benchmarks;

/// <summary>The instrument that a benchmark of a server lists for itself.</summary>
internal static class BenchListing
{
    /// <summary>Fields of the listing but the symbol. The index stands, so no order ever comes near a band or a liquidation.</summary>
    public const string Terms = """
        "tickSize":"0.1","lotSize":"0.001","makerFee":"0.0002","takerFee":"0.0005","liquidationFee":"0.0125","bandUp":"1.05","bandDown":"0.95",
        "marketBound":"0.02","minQty":"0.001","maxQty":"1000","minNotional":"5","maxPrice":"1000000","fixedIndex":"50000",
        "brackets":[{"cap":"1000000000","maxLeverage":20,"maintenanceRate":"0.01"}]
        """;
}

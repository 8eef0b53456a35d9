using System.Text.Json;

namespace Exchange.Acceptance.KillLoop;

/// <summary>One account's fills, read on from where the last reading ended, and what follows from them.</summary>
internal sealed class Statement
{
    private readonly Dictionary<string, long> _newest = [];
    private readonly Dictionary<(string Symbol, string OrderId), decimal> _filled = [];

    public decimal Fees { get; private set; }

    public decimal Realised { get; private set; }

    /// <summary>Signed quantity held, by symbol, as the fills say.</summary>
    public Dictionary<string, decimal> Positions { get; } = [];

    public decimal FilledOf(string symbol, string orderId) => _filled.GetValueOrDefault((symbol, orderId));

    /// <summary>The fills that are new since the last reading.</summary>
    public async Task<List<Fill>> Read(ApiClient client, IEnumerable<string> symbols)
    {
        List<Fill> all = [];
        foreach (string symbol in symbols)
            all.AddRange(await Read(client, symbol));
        return all;
    }

    private async Task<List<Fill>> Read(ApiClient client, string symbol)
    {
        List<Fill> fresh = [];
        long newest = _newest.GetValueOrDefault(symbol);
        string cursor = "";
        while (true)
        {
            JsonElement page = (await client.Get($"/api/v1/fills?symbol={symbol}&limit=1000{cursor}")).Required().Json;
            List<Fill> rows = [.. page.GetProperty("fills").EnumerateArray().Select(Fill.From).TakeWhile(fill => fill.TradeId > newest)];
            fresh.AddRange(rows);
            if (rows.Count < page.GetProperty("fills").GetArrayLength() || !page.TryGetProperty("nextCursor", out JsonElement next))
                break;
            cursor = $"&cursor={next.GetString()}";
        }

        foreach (Fill fill in fresh)
            Add(fill);
        Assert.Equal(fresh.Count, fresh.DistinctBy(fill => fill.TradeId).Count());
        return fresh;
    }

    private void Add(Fill fill)
    {
        Fees += fill.Fee;
        Realised += fill.Realised;
        Positions[fill.Symbol] = Positions.GetValueOrDefault(fill.Symbol) + (fill.IsBuy ? fill.Qty : -fill.Qty);
        _filled[(fill.Symbol, fill.OrderId)] = FilledOf(fill.Symbol, fill.OrderId) + fill.Qty;
        _newest[fill.Symbol] = Math.Max(_newest.GetValueOrDefault(fill.Symbol), fill.TradeId);
    }
}

/// <summary>One side of a trade.</summary>
internal sealed record Fill(string Symbol, long TradeId, string OrderId, bool IsBuy, decimal Price, decimal Qty, decimal Fee, decimal Realised)
{
    public static Fill From(JsonElement row)
    {
        string Field(string name) => ApiReply.TextOf(row.GetProperty(name));
        return new Fill(
            Field("symbol"), long.Parse(Field("tradeId")), Field("orderId"), Field("side") == "buy", decimal.Parse(Field("price")),
            decimal.Parse(Field("qty")), decimal.Parse(Field("fee")), decimal.Parse(Field("realisedPnl")));
    }
}

using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Market;

public sealed class FundingTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Settled_rates_are_told_page_by_page_newest_first()
    {
        _server.Exchange.Fundings.AddRange([new(57_600_000, -12_347, 500_150), new(28_800_000, 10_000, 500_000)]);

        Reply first = await _server.Send("GET", "/api/v1/funding/BTCUSDT?limit=1");
        _server.Exchange.Fundings.Insert(0, new(86_400_000, 1, 1));
        Reply second = await _server.Send("GET", $"/api/v1/funding/BTCUSDT?limit=1&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal("""[{"settlementMs":57600000,"rate":"-0.00012347","mark":"50015"}]""", first.Json["rates"]!.ToJsonString());
        Assert.Equal("""{"rates":[{"settlementMs":28800000,"rate":"0.0001","mark":"50000"}]}""", second.Text);
        Assert.Equal("400 BAD_CURSOR", (await _server.Send("GET", "/api/v1/funding/BTCUSDT?cursor=x")).Refusal);
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _server.Send("GET", "/api/v1/funding/NONE")).Refusal);
    }

    [Fact]
    public async Task What_is_at_stake_is_told_without_naming_anyone()
    {
        _server.Exchange.Stats = new StatsView(0, 1_500, 12_345_678, [new(Side.Sell, 489_250, 150, 7), new(Side.Buy, 510_000, 2, 6)]);
        _server.Exchange.Ticker = _server.Exchange.Ticker with { MarkTicks = 500_000, FundingRateE8 = 5_000, NextFundingMs = 28_800_000, TimeMs = 9 };

        Reply reply = await _server.Send("GET", "/api/v1/stats/BTCUSDT?liquidations=1");

        Assert.Equal(
            """{"symbol":"BTCUSDT","openInterest":"1.5","openInterestValue":"75000","insuranceFund":"0.12345678","predictedFundingRate":"0.00005","nextFundingMs":28800000,"liquidations":[{"side":"sell","qty":"0.15","bankruptcyPrice":"48925","timeMs":7}],"timeMs":9}""",
            reply.Text);
        Assert.Equal("400 BAD_INTEGER", (await _server.Send("GET", "/api/v1/stats/BTCUSDT?liquidations=101")).Refusal);
    }
}

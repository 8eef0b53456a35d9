using System.Globalization;
using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.GoldenPath;

/// <summary>What a subscriber of the real server is told while others trade.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.Start(_folder);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_trade_is_told_to_everyone_and_to_its_owner()
    {
        using ApiClient alice = _server.As("alice");
        using ApiClient bob = _server.As("bob");
        using StreamClient market = await StreamClient.Connect(_server.Address);
        await market.Subscribe("trades@BTCUSDT", "ticker@BTCUSDT");
        using StreamClient own = await OwnStream("orders");
        using StreamClient positions = await OwnStream("positions");
        using StreamClient balances = await OwnStream("balances");

        (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.2"}""")).Required(201);
        (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.15"}""")).Required(201);

        JsonElement trade = Assert.Single((await market.Receive("trades")).GetProperty("trades").EnumerateArray());
        Assert.Equal("1 49900 0.15 sell", Fields(trade, "tradeId", "price", "qty", "takerSide"));
        Assert.Equal("accepted", (await own.Receive("orders")).GetProperty("event").GetString());
        JsonElement fill = (await own.Receive("orders")).GetProperty("fill");
        Assert.Equal("1 49900 0.15 1.497 true", Fields(fill, "tradeId", "price", "qty", "fee", "isMaker"));

        // 100000 less 0.02 % of the 7485 she has bought.
        Assert.Equal("0.15 49900", Fields(await positions.Receive("positions"), "qty", "entryPrice"));
        Assert.Equal("99998.503 -1.497 fill", Fields(await balances.Receive("balances"), "walletBalance", "change", "cause"));
    }

    [Theory]
    [InlineData("orderbook@BTCUSDT@0")]
    [InlineData("orderbook@BTCUSDT")]
    public async Task A_books_snapshot_and_deltas_have_no_gap_and_lead_to_what_a_reading_shows(string channel)
    {
        using ApiClient alice = _server.As("alice");
        await PlaceMany(alice, "buy", new Random(1), 20);
        using StreamClient stream = await StreamClient.Connect(_server.Address);
        await stream.Subscribe(channel);
        var book = new MirroredBook(await stream.Receive("orderbook"));

        using ApiClient bob = _server.As("bob");
        await Task.WhenAll(PlaceMany(alice, "buy", new Random(2), 150), PlaceMany(bob, "sell", new Random(3), 150));
        JsonElement read = (await alice.Get("/api/v1/orderbook/BTCUSDT?levels=1000")).Required().Json;

        while (book.Number < read.GetProperty("number").GetInt64())
            book.Apply(await stream.Receive("orderbook"));
        Assert.Equal(read.GetProperty("number").GetInt64(), book.Number);
        Assert.Equal(read.GetProperty("bids").GetRawText(), book.Bids);
        Assert.Equal(read.GetProperty("asks").GetRawText(), book.Asks);
    }

    private async Task<StreamClient> OwnStream(string channel)
    {
        StreamClient stream = await StreamClient.Connect(_server.Address);
        await stream.LogOn(DemoKeys.Of(_folder)["alice"].Token);
        await stream.Subscribe(channel);
        return stream;
    }

    private static async Task PlaceMany(ApiClient client, string side, Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string price = (50_000 + (random.Next(-30, 31) * 0.1m)).ToString("0.#", CultureInfo.InvariantCulture);
            (await client.Place($$"""{"symbol":"BTCUSDT","side":"{{side}}","type":"limit","price":"{{price}}","qty":"0.00{{random.Next(1, 10)}}"}""")).Required(201);
        }
    }

    private static string Fields(JsonElement json, params string[] names) => string.Join(' ', names.Select(name => ApiReply.TextOf(json.GetProperty(name))));

    /// <summary>A book kept as the documentation tells clients to.</summary>
    private sealed class MirroredBook
    {
        private readonly SortedDictionary<decimal, string> _bids = [];
        private readonly SortedDictionary<decimal, string> _asks = [];

        public MirroredBook(JsonElement snapshot)
        {
            Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());
            Number = snapshot.GetProperty("number").GetInt64();
            Put(snapshot);
        }

        public long Number { get; private set; }

        public string Bids => Text(_bids.Reverse());

        public string Asks => Text(_asks);

        public void Apply(JsonElement delta)
        {
            Assert.Equal("delta", delta.GetProperty("type").GetString());
            Assert.Equal(Number, delta.GetProperty("previous").GetInt64());
            Number = delta.GetProperty("last").GetInt64();
            Put(delta);
        }

        private void Put(JsonElement message)
        {
            foreach ((string side, SortedDictionary<decimal, string> levels) in new[] { ("bids", _bids), ("asks", _asks) })
            {
                foreach (JsonElement level in message.GetProperty(side).EnumerateArray())
                {
                    decimal price = decimal.Parse(level[0].GetString()!);
                    if (level[1].GetString() == "0")
                        levels.Remove(price);
                    else
                        levels[price] = level[1].GetString()!;
                }
            }
        }

        private static string Text(IEnumerable<KeyValuePair<decimal, string>> levels) =>
            $"[{string.Join(',', levels.Select(level => $"[\"{level.Key.ToString("0.########", CultureInfo.InvariantCulture)}\",\"{level.Value}\"]"))}]";
    }
}

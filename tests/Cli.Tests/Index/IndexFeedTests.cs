using Exchange.Cli.Http;
using Exchange.Cli.Index;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Tests.Index;

/// <summary>Whole rounds: files as sources, a local server as the venue, a clock that the test moves.</summary>
public sealed class IndexFeedTests : IAsyncLifetime
{
    private readonly SteppedTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-index-").FullName;
    private readonly StringWriter _told = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.Start();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_median_is_posted_signed_every_round()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 3));
        Say("BTCUSDT", "30000.1", "30000.3", "30000.2");
        await feed.Round(default);
        await feed.Round(default);

        Assert.Equal([("BTCUSDT", """{"price":"30000.2"}""", "me"), ("BTCUSDT", """{"price":"30000.2"}""", "me")], _server.Posts);
        Assert.Equal(["BTCUSDT: 0 counts", "BTCUSDT: 1 counts", "BTCUSDT: 2 counts", "BTCUSDT: posted at 30000.2, 3 of 3 sources"], Told());
    }

    [Fact]
    public async Task A_source_that_goes_wrong_is_dropped_and_told_once_and_told_when_it_counts_again()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 3));
        Say("BTCUSDT", "30000", "30000", "30000");
        await feed.Round(default);
        _told.GetStringBuilder().Clear();

        Say("BTCUSDT", "30000", "30000", "50000");
        await feed.Round(default);
        await feed.Round(default);
        Say("BTCUSDT", "30000", "30000", "0");
        await feed.Round(default);
        await feed.Round(default);
        Say("BTCUSDT", "30000", "30000", "30001");
        await feed.Round(default);

        Assert.Equal(
            [
                "BTCUSDT: 2 is dropped (far from the median): says 50000, too far from the median",
                "BTCUSDT: 2 is dropped (not a price): says '0'",
                "BTCUSDT: 2 counts",
            ],
            Told());
        Assert.All(_server.Posts, post => Assert.Equal("""{"price":"30000"}""", post.Body));
    }

    [Fact]
    public async Task With_too_few_fresh_sources_nothing_is_posted_until_there_are_enough()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 2));
        Say("BTCUSDT", "30000", "30000");
        await feed.Round(default);
        _time.Advance(5_001);
        Say("BTCUSDT", "30000");
        _told.GetStringBuilder().Clear();

        await feed.Round(default);
        await feed.Round(default);
        Assert.Single(_server.Posts);
        Assert.Equal(
            [
                "BTCUSDT: 1 is dropped (stale): has said nothing lately",
                "BTCUSDT: nothing is posted, 1 of 2 sources needed; the venue holds its mark after 10 s",
            ],
            Told());

        Say("BTCUSDT", "30000", "30002");
        await feed.Round(default);
        Assert.Equal("""{"price":"30001"}""", _server.Posts.Last().Body);
    }

    [Fact]
    public async Task A_venue_that_is_away_or_refuses_is_told_once_and_tried_again()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 1));
        Say("BTCUSDT", "30000");
        _server.Venue = _ => (422, """{"code":"INDEX_BAND","detail":"Too far."}""");
        await feed.Round(default);
        await feed.Round(default);
        _server.Venue = _ => (200, "{}");
        await feed.Round(default);

        Assert.Equal(
            ["BTCUSDT: 0 counts", "BTCUSDT: INDEX_BAND: The index of BTCUSDT was refused: 422 INDEX_BAND Too far.", "BTCUSDT: posted at 30000, 1 of 1 sources"],
            Told());

        await _server.DisposeAsync();
        _told.GetStringBuilder().Clear();
        await feed.Round(default);
        await feed.Round(default);
        Assert.Equal(["BTCUSDT: not posted: the venue does not answer; it is tried again every round"], Told());
    }

    [Fact]
    public async Task A_key_that_is_refused_ends_it_but_a_clock_that_differs_does_not()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 1));
        Say("BTCUSDT", "30000");
        _server.Venue = _ => (401, """{"code":"STALE_TIMESTAMP","detail":"Set the clock."}""");
        await feed.Round(default);
        _server.Venue = _ => (401, """{"code":"KEY_REVOKED"}""");

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => feed.Round(default));
        Assert.Contains("KEY_REVOKED", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbol_that_the_venue_does_not_list_is_given_up_and_the_last_ends_it()
    {
        using IndexFeed feed = Open(Sources("BTCUSDT", 1), Sources("XUSDT", 1));
        Say("BTCUSDT", "30000");
        Say("XUSDT", "1");
        _server.Venue = symbol => symbol == "XUSDT" ? (404, """{"code":"UNKNOWN_SYMBOL"}""") : (200, "{}");
        await feed.Round(default);
        await feed.Round(default);
        Assert.Equal(["BTCUSDT", "BTCUSDT", "XUSDT"], _server.Posts.Select(post => post.Symbol).Order());

        _server.Venue = _ => (404, """{"code":"UNKNOWN_SYMBOL"}""");
        await Assert.ThrowsAsync<InvalidDataException>(() => feed.Round(default));
    }

    [Fact]
    public async Task Json_has_a_line_for_every_post_and_every_change()
    {
        using IndexFeed feed = Open(asJson: true, Sources("BTCUSDT", 1));
        Say("BTCUSDT", "30000");
        await feed.Round(default);

        Assert.Equal(
            [
                $$"""{"event":"source","symbol":"BTCUSDT","timeMs":{{_time.NowMs}},"source":"{{File("BTCUSDT", 0)}}","state":"used"}""",
                $$"""{"event":"posted","symbol":"BTCUSDT","timeMs":{{_time.NowMs}},"price":"30000","used":1,"of":1}""",
            ],
            _told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private IndexFeed Open(params SymbolSources[] symbols) => Open(asJson: false, symbols);

    private IndexFeed Open(bool asJson, params SymbolSources[] symbols) => new(
        new IndexSettings(1_000, 5_000, 1_000_000, 0, symbols),
        new IndexPoster(_server.Address, new AdminKey("me", "secret"), TimeSpan.FromSeconds(30), _time),
        new IndexTeller(_told, new StatusLine(TextWriter.Null), asJson, _time), _time);

    private SymbolSources Sources(string symbol, int count) =>
        SymbolSources.Create(symbol, [.. Enumerable.Range(0, count).Select(i => new IndexConfiguration.Source(File(symbol, i)))]);

    private string File(string symbol, int source) => Path.Combine(_folder, $"{symbol}-{source}");

    /// <summary>By source.</summary>
    private void Say(string symbol, params string[] prices)
    {
        for (int i = 0; i < prices.Length; i++)
        {
            // Two writes of the same length in one tick of the clock would look like one.
            _time.Advance(1);
            System.IO.File.WriteAllText(File(symbol, i), $"{prices[i]}\n");
            System.IO.File.SetLastWriteTimeUtc(File(symbol, i), _time.GetUtcNow().UtcDateTime);
        }
    }

    /// <summary>Without the time, and with a source's number for its path.</summary>
    private string[] Told() => [.. _told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => System.Text.RegularExpressions.Regex.Replace(line[9..], $"{_folder}/\\w+-", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))];
}

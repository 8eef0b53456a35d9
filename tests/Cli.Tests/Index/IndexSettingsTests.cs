using Exchange.Cli.Index;

namespace Exchange.Cli.Tests.Index;

public sealed class IndexSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_and_the_command_line_add_up_and_the_command_line_wins()
    {
        File.WriteAllText(_file, """
            {"intervalMs":500,"staleMs":4000,"deviation":"0.02","minSources":1,
             "symbols":{"ETHUSDT":[{"source":"wss://example.com/ws#/p","subscribe":{"op":"subscribe"}}]}}
            """);

        IndexSettings settings = IndexSettings.Combine(Typed("BTCUSDT", "prices.txt") with { IntervalMs = 2_000 }, _file);

        Assert.Equal((2_000, 4_000, 2_000_000L), (settings.IntervalMs, settings.StaleMs, settings.DeviationE8));
        Assert.Equal(["BTCUSDT", "ETHUSDT"], settings.Symbols.Select(symbol => symbol.Symbol));
        Assert.Equal(["""{"op":"subscribe"}"""], settings.Symbols[1].Sources[0].Subscribe);
        Assert.Equal("wss://example.com/ws", settings.Symbols[1].Sources[0].Address!.ToString());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void Unless_told_otherwise_more_than_half_of_the_sources_must_agree(int sources, int needed)
    {
        IndexSettings settings = IndexSettings.Combine(Typed("BTCUSDT", [.. Enumerable.Range(0, sources).Select(i => $"file{i}")]), null);
        Assert.Equal(needed, settings.MinSourcesOf(settings.Symbols[0]));
    }

    [Theory]
    [InlineData("https://example.com/#price", "JSON pointer")]
    [InlineData("ftp://example.com/", "not 'ftp://example.com/'")]
    [InlineData("file:", "not 'file:'")]
    public void A_source_that_cannot_be_used_is_named(string source, string words) => Refuses(Typed("BTCUSDT", source), words);

    [Fact]
    public void The_same_source_twice_is_refused() => Refuses(Typed("BTCUSDT", "a", "a"), "twice");

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        IndexConfiguration good = Typed("BTCUSDT", "a", "b");
        Refuses(good with { IntervalMs = 10_000 }, "interval");
        Refuses(good with { StaleMs = 10_001 }, "10000 ms old");
        Refuses(good with { IntervalMs = 6_000 }, "younger than the interval");
        Refuses(good with { Deviation = "0.6" }, "deviation");
        Refuses(good with { Deviation = "1%" }, "deviation");
        Refuses(good with { MinSources = 3 }, "BTCUSDT has 2 sources");
        Refuses(new IndexConfiguration(), "at least one source");
    }

    [Theory]
    [InlineData("""{"interval":5}""")]
    [InlineData("""{"intervalMs":"fast"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_file_of_another_form_is_refused(string json)
    {
        File.WriteAllText(_file, json);
        Assert.Contains(Path.GetFileName(_file), Assert.Throws<InvalidDataException>(() => IndexSettings.Combine(Typed("B", "a"), _file)).Message, StringComparison.Ordinal);
    }

    private static void Refuses(IndexConfiguration typed, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => IndexSettings.Combine(typed, null)).Message, StringComparison.Ordinal);

    private static IndexConfiguration Typed(string symbol, params string[] sources) => new()
    {
        Symbols = new Dictionary<string, IReadOnlyList<IndexConfiguration.Source>>
        {
            [symbol] = [.. sources.Select(source => new IndexConfiguration.Source(source))],
        },
    };
}

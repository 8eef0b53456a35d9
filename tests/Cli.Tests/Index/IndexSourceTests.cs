using System.Net.WebSockets;
using Exchange.Cli.Index;

namespace Exchange.Cli.Tests.Index;

/// <summary>Each kind of source against a local server or file, on a clock that the test moves.</summary>
public sealed class IndexSourceTests : IAsyncLifetime
{
    private const int StaleMs = 5_000;
    private readonly SteppedTime _time = new();
    private readonly string _file = Path.GetTempFileName();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.Start();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_file_says_its_last_whole_line_and_is_as_old_as_its_change()
    {
        using IndexSource source = Open(_file);
        Write("time,price\n2026-01-01,30000.1\n2026-01-02,30000.2\n30000.", age: 2_000);
        await source.Poll(default);
        Assert.Equal(new SourceReading(3_000_020_000_000, _time.NowMs - 2_000, "30000.2"), source.Latest);

        _time.Advance(3_000);
        await source.Poll(default);
        Assert.Equal(_time.NowMs - 5_000, source.Latest!.TimeMs);

        Write("30000.3\n", age: 0);
        await source.Poll(default);
        Assert.Equal(new SourceReading(3_000_030_000_000, _time.NowMs, "30000.3"), source.Latest);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_and_read_once_it_is()
    {
        File.Delete(_file);
        using IndexSource source = Open($"file:{_file}");
        await source.Poll(default);
        Assert.Equal("there is no such file", source.Trouble);
        Assert.Null(source.Latest);

        Write("1\n", age: 0);
        await source.Poll(default);
        Assert.Null(source.Trouble);
        Assert.Equal(100_000_000, source.Latest!.PriceE8);
    }

    [Fact]
    public async Task A_page_is_asked_each_time_and_after_a_failure_not_before_a_second_has_passed()
    {
        using IndexSource source = Open($"{_server.Address}page?symbol=BTCUSDT#/indexPrice");
        _server.Page = (200, """{"indexPrice":"30000.5"}""");
        await source.Poll(default);
        await source.Poll(default);
        Assert.Equal(2, _server.PageRequests);
        Assert.Equal(new SourceReading(3_000_050_000_000, _time.NowMs, "30000.5"), source.Latest);

        _server.Page = (503, "");
        await source.Poll(default);
        await source.Poll(default);
        Assert.Equal(3, _server.PageRequests);
        Assert.Equal("it answers 503", source.Trouble);
        Assert.Equal("30000.5", source.Latest!.Said);

        _server.Page = (200, """{"indexPrice":"30001"}""");
        _time.Advance(1_000);
        await source.Poll(default);
        Assert.Null(source.Trouble);
        Assert.Equal("30001", source.Latest!.Said);
    }

    [Fact]
    public async Task A_page_that_has_changed_its_form_is_no_price_at_once()
    {
        using IndexSource source = Open($"{_server.Address}page#/indexPrice");
        _server.Page = (200, """{"markPrice":"30000.5"}""");
        await source.Poll(default);
        Assert.Equal(0, source.Latest!.PriceE8);
    }

    [Fact]
    public async Task A_stream_is_subscribed_to_and_other_messages_are_passed_over()
    {
        using IndexSource source = Open($"{_server.Stream}#/data/0/px", """{"op":"subscribe"}""");
        await source.Poll(default);
        WebSocket stream = _server.NextStream();
        LocalServer.Until(() => !_server.Heard.IsEmpty);
        Assert.Equal(["""{"op":"subscribe"}"""], _server.Heard);

        await LocalServer.Say(stream, """{"data":[{"px":"30000.5"}]}""");
        await LocalServer.Say(stream, """{"event":"subscribed"}""");
        LocalServer.Until(() => source.Latest is not null);
        Assert.Equal(new SourceReading(3_000_050_000_000, _time.NowMs, "30000.5"), source.Latest);

        _time.Advance(100);
        await LocalServer.Say(stream, """{"data":[{"px":30001.5}]}""");
        LocalServer.Until(() => source.Latest!.PriceE8 == 3_000_150_000_000);
        Assert.Equal(_time.NowMs, source.Latest!.TimeMs);
    }

    [Fact]
    public async Task A_stream_that_closes_is_connected_anew()
    {
        using IndexSource source = Open($"{_server.Stream}#/p");
        await source.Poll(default);
        await _server.NextStream().CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", CancellationToken.None);
        LocalServer.Until(() => source.Trouble is not null);
        Assert.Equal("it closed the stream", source.Trouble);

        _time.Advance(1_000);
        WebSocket? again = null;
        LocalServer.Until(() =>
        {
            _ = source.Poll(default);
            return _server.TryNextStream(out again);
        });
        await LocalServer.Say(again!, """{"p":"2"}""");
        LocalServer.Until(() => source.Latest?.PriceE8 == 200_000_000);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_connected_anew()
    {
        using IndexSource source = Open($"{_server.Stream}#/p");
        await source.Poll(default);
        WebSocket first = _server.NextStream();
        await LocalServer.Say(first, """{"p":"1"}""");
        LocalServer.Until(() => source.Latest is not null);

        _time.Advance((3 * StaleMs) + 1);
        await source.Poll(default);
        LocalServer.Until(() => source.Trouble is not null);
        Assert.Equal("it has fallen silent", source.Trouble);
    }

    [Fact]
    public async Task A_source_that_is_down_is_told_why_and_waited_for_ever_longer_up_to_half_a_minute()
    {
        using IndexSource source = Open($"{_server.Address}page");
        _server.Page = (500, "");
        await source.Poll(default);
        long[] waits = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
        for (int i = 0; i < waits.Length; i++)
        {
            _time.Advance(waits[i] - 1);
            await source.Poll(default);
            Assert.Equal(i + 1, _server.PageRequests);
            _time.Advance(1);
            await source.Poll(default);
            Assert.Equal(i + 2, _server.PageRequests);
        }
    }

    private IndexSource Open(string address, string? subscribe = null) => SourceAddress.Create(new IndexConfiguration.Source(
        address, subscribe is null ? null : System.Text.Json.JsonDocument.Parse(subscribe).RootElement)).Open(StaleMs, _time);

    private void Write(string text, int age)
    {
        File.WriteAllText(_file, text);
        File.SetLastWriteTimeUtc(_file, _time.GetUtcNow().UtcDateTime.AddMilliseconds(-age));
    }
}

using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Authentication;

public sealed class SignatureTests : IAsyncLifetime
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_signed_order_is_taken_for_the_account_of_its_key()
    {
        Reply reply = await _server.Signed("POST", "/api/v1/orders", Order);

        Assert.Equal(201, reply.Code);
        Assert.Equal(EdgeServer.Account, _server.Exchange.LastCommand.Account);
    }

    [Fact]
    public async Task The_query_is_part_of_what_is_signed()
    {
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders?symbol=BTCUSDT&limit=5")).Code);
        Reply changed = await _server.Signed("GET", "/api/v1/orders?symbol=BTCUSDT&limit=6", signing: new() { SignedTarget = "/api/v1/orders?symbol=BTCUSDT&limit=5" });
        Assert.Equal("401 BAD_SIGNATURE", changed.Refusal);
    }

    // S8: whatever is wrong with key or signature is answered alike.
    [Fact]
    public async Task Wrong_signatures_and_unknown_keys_are_answered_alike()
    {
        string good = Signing.Of(_server.Trader.RevealSecret(), $"{_server.Time.NowMs}", "POST", "/api/v1/orders", System.Text.Encoding.UTF8.GetBytes(Order));
        Signing[] wrong =
        [
            new() { Signature = new string('0', 64) },
            new() { Signature = good[..63] },
            new() { Signature = good + "00" },
            new() { Signature = good.ToUpperInvariant() },
            new() { Signature = "zz" + good[2..] },
            new() { Signature = Signing.Of("", $"{_server.Time.NowMs}", "POST", "/api/v1/orders", System.Text.Encoding.UTF8.GetBytes(Order)) },
            new() { Signature = Signing.Of(_server.Reader.RevealSecret(), $"{_server.Time.NowMs}", "POST", "/api/v1/orders", System.Text.Encoding.UTF8.GetBytes(Order)) },
            new() { KeyId = new string('0', 32) },
            new() { KeyId = new string('a', 5_000) },
            new() { KeyId = _server.Reader.KeyId },
            new() { SignedMethod = "PUT" },
            new() { SignedTarget = "/api/v1/orders/batch" },
            new() { SignedBody = Order + " " },
            new() { SignedBody = "" },
        ];

        string[] answers = await Task.WhenAll(wrong.Select(async signing =>
        {
            Reply reply = await _server.Signed("POST", "/api/v1/orders", Order, signing: signing);
            reply.Json.AsObject().TryGetPropertyValue("requestId", out _);
            return $"{reply.Refusal} {(string?)reply.Json["detail"]}";
        }));

        Assert.StartsWith("401 BAD_SIGNATURE", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Theory]
    [InlineData("X-Key")]
    [InlineData("X-Timestamp")]
    [InlineData("X-Signature")]
    public async Task A_signature_with_a_part_missing_is_refused(string header)
    {
        HttpRequestMessage request = EdgeServer.Request("GET", "/api/v1/orders", null, null);
        new Signing().Sign(request, "/api/v1/orders", [], _server.Trader, _server.Time.NowMs);
        request.Headers.Remove(header);

        Assert.Equal("401 CREDENTIALS_MISSING", (await _server.Send(request)).Refusal);
    }

    [Theory]
    [InlineData("X-Key")]
    [InlineData("X-Timestamp")]
    [InlineData("X-Signature")]
    [InlineData("X-Recv-Window")]
    public async Task A_header_given_twice_is_refused(string header)
    {
        using var raw = new RawConnection(_server.Address);
        string timestamp = $"{_server.Time.NowMs}";
        string signature = Signing.Of(_server.Trader.RevealSecret(), timestamp, "GET", "/api/v1/orders", []);
        await raw.Write(
            $"GET /api/v1/orders HTTP/1.1\r\nHost: x\r\nX-Key: {_server.Trader.KeyId}\r\nX-Timestamp: {timestamp}\r\nX-Signature: {signature}\r\n"
            + $"X-Recv-Window: 5000\r\n{header}: 1\r\nConnection: close\r\n\r\n");

        Assert.Contains("\"code\":\"BAD_HEADER\"", await raw.ReadToEnd(), StringComparison.Ordinal);
    }

    // S9: time and replay.
    [Theory]
    [InlineData(-5_001, null, "401 STALE_TIMESTAMP")]
    [InlineData(-2_001, "2000", "401 STALE_TIMESTAMP")]
    [InlineData(-60_001, "60000", "401 STALE_TIMESTAMP")]
    [InlineData(1_001, null, "401 TIMESTAMP_AHEAD")]
    [InlineData(1_001, "60000", "401 TIMESTAMP_AHEAD")]
    [InlineData(0, "0", "400 BAD_HEADER")]
    [InlineData(0, "60001", "400 BAD_HEADER")]
    [InlineData(0, "-5", "400 BAD_HEADER")]
    [InlineData(0, "soon", "400 BAD_HEADER")]
    [InlineData(0, "5e3", "400 BAD_HEADER")]
    public async Task A_request_outside_its_window_is_refused(long offsetMs, string? window, string expected)
    {
        _server.Time.Advance(120_000);   // Away from the server's start.
        var signing = new Signing { Timestamp = $"{_server.Time.NowMs + offsetMs}", Window = window };

        Reply reply = await _server.Signed("POST", "/api/v1/orders", Order, signing: signing);

        Assert.Equal(expected, reply.Refusal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Theory]
    [InlineData(-5_000, null)]
    [InlineData(-60_000, "60000")]
    [InlineData(1_000, null)]
    public async Task A_request_at_the_edge_of_its_window_is_taken(long offsetMs, string? window)
    {
        _server.Time.Advance(120_000);
        var signing = new Signing { Timestamp = $"{_server.Time.NowMs + offsetMs}", Window = window };

        Assert.Equal(201, (await _server.Signed("POST", "/api/v1/orders", Order, signing: signing)).Code);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("now")]
    [InlineData("1e12")]
    [InlineData("17000000000000000000")]
    [InlineData(" ")]
    public async Task A_timestamp_that_is_no_number_is_refused(string timestamp) =>
        Assert.Contains(
            (await _server.Signed("POST", "/api/v1/orders", Order, signing: new() { Timestamp = timestamp })).Refusal,
            new[] { "400 BAD_HEADER", "401 TIMESTAMP_AHEAD" });

    [Fact]
    public async Task An_error_of_the_clock_tells_the_servers_time_and_the_difference()
    {
        _server.Time.Advance(120_000);

        Reply reply = await _server.Signed("GET", "/api/v1/orders", signing: new() { Timestamp = $"{_server.Time.NowMs - 30_000}" });

        Assert.Equal(_server.Time.NowMs, (long)reply.Json["serverTimeMs"]!);
        Assert.Equal(30_000, (long)reply.Json["differenceMs"]!);
    }

    [Fact]
    public async Task What_was_stamped_before_the_servers_start_is_refused() =>
        Assert.Equal(
            "401 STALE_TIMESTAMP",
            (await _server.Signed("POST", "/api/v1/orders", Order, signing: new() { Timestamp = $"{ManualTime.StartMs - 1}" })).Refusal);

    [Fact]
    public async Task The_same_signature_changes_something_only_once_while_reads_may_repeat()
    {
        var signing = new Signing { Timestamp = $"{_server.Time.NowMs}" };

        Assert.Equal(201, (await _server.Signed("POST", "/api/v1/orders", Order, signing: signing)).Code);
        Assert.Equal("401 SIGNATURE_REUSED", (await _server.Signed("POST", "/api/v1/orders", Order, signing: signing)).Refusal);
        _server.Time.Advance(59_999);
        Assert.Equal("401 SIGNATURE_REUSED", (await _server.Signed("POST", "/api/v1/orders", Order, signing: signing with { Window = "60000" })).Refusal);
        _server.Time.Advance(2);
        Assert.Equal("401 STALE_TIMESTAMP", (await _server.Signed("POST", "/api/v1/orders", Order, signing: signing with { Window = "60000" })).Refusal);
        Assert.Equal(1, _server.Exchange.SubmittedCount);

        signing = new Signing { Timestamp = $"{_server.Time.NowMs}" };
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders", signing: signing)).Code);
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders", signing: signing)).Code);
    }
}

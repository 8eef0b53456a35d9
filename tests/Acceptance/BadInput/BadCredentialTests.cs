
namespace Exchange.Acceptance.BadInput;

/// <summary>Missing, wrong, stale and repeated credentials (S8, S9), signed by hand over bare connections.</summary>
public sealed class BadCredentialTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    private const string Target = "/api/v1/orders?symbol=BTCUSDT";

    private static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public Task No_credentials() => Expect("401 CREDENTIALS_MISSING");

    [Fact]
    public Task An_unknown_token() => Expect("401 BAD_TOKEN", "Authorization: Bearer xt_" + new string('0', 64));

    [Fact]
    public Task A_token_and_a_signature() =>
        Expect("400 CREDENTIALS_AMBIGUOUS", [.. server.Bearer(server.Alice), .. Sign(server.Alice.Secret)]);

    [Fact]
    public Task A_signature_with_the_secret_of_another() => Expect("401 BAD_SIGNATURE", Sign(server.Bob.Secret));

    [Fact]
    public Task A_signature_with_no_secret() => Expect("401 BAD_SIGNATURE", Sign(""));

    [Fact]
    public Task An_unknown_key_is_answered_as_a_wrong_signature_is() =>
        Expect("401 BAD_SIGNATURE", [.. Sign(server.Alice.Secret).Where(header => !header.StartsWith("X-Key", StringComparison.Ordinal)), "X-Key: nobody"]);

    [Fact]
    public Task A_signature_over_other_parameters() => Expect("401 BAD_SIGNATURE", Sign(server.Alice.Secret, target: "/api/v1/orders?symbol=ETHUSDT"));

    [Fact]
    public Task A_signature_over_another_method() => Expect("401 BAD_SIGNATURE", Sign(server.Alice.Secret, method: "GET"));

    [Fact]
    public Task A_truncated_signature() => Expect("401 BAD_SIGNATURE", Edit(Sign(server.Alice.Secret), signature => signature[..^2]));

    [Fact]
    public Task A_signature_in_upper_case() => Expect("401 BAD_SIGNATURE", Edit(Sign(server.Alice.Secret), signature => signature.ToUpperInvariant()));

    [Fact]
    public Task A_signature_given_twice() =>
        Expect("400 BAD_HEADER", [.. Sign(server.Alice.Secret), "X-Signature: " + new string('0', 64)]);

    [Theory]
    [InlineData(-5_500, null, "401 STALE_TIMESTAMP")]
    [InlineData(5_000, null, "401 TIMESTAMP_AHEAD")]
    [InlineData(0, "0", "400 BAD_HEADER")]
    [InlineData(0, "60001", "400 BAD_HEADER")]
    [InlineData(0, "-1", "400 BAD_HEADER")]
    [InlineData(0, "soon", "400 BAD_HEADER")]
    public Task A_time_outside_the_window(int offsetMs, string? window, string expected) =>
        Expect(expected, [.. Sign(server.Alice.Secret, timestamp: $"{NowMs + offsetMs}"), .. window is null ? Array.Empty<string>() : [$"X-Recv-Window: {window}"]]);

    [Theory]
    [InlineData("0", "401 STALE_TIMESTAMP")]
    [InlineData("-1", "400 BAD_HEADER")]
    [InlineData("1000000000000000000", "401 TIMESTAMP_AHEAD")]
    [InlineData("99999999999999999999", "400 BAD_HEADER")]
    [InlineData("1e12", "400 BAD_HEADER")]
    [InlineData("", "400 BAD_HEADER")]
    public Task A_time_that_is_none(string timestamp, string expected) => Expect(expected, Sign(server.Alice.Secret, timestamp: timestamp));

    [Fact]
    public async Task A_signed_request_counts_once_and_its_repeat_is_refused()
    {
        const string Body = """{"symbol":"ETHUSDT","side":"buy","type":"limit","price":"2990","qty":"0.01","timeInForce":"ioc"}""";
        byte[] request = BadInputServer.Request(
            "POST", "/api/v1/orders", Body, Sign(server.Bob.Secret, "POST", "/api/v1/orders", body: Body, key: server.Bob.Key));

        string first = await server.Exchange(request);
        Assert.StartsWith("HTTP/1.1 201 ", first, StringComparison.Ordinal);
        await server.ExpectOneOrder();

        await server.ExpectRefusal("401 SIGNATURE_REUSED", request);
    }

    [Fact]
    public async Task A_signed_reading_may_be_repeated()
    {
        byte[] request = BadInputServer.Request(
            "GET", "/api/v1/account", null, Sign(server.Alice.Secret, "GET", "/api/v1/account"));

        for (int repeat = 0; repeat < 2; repeat++)
            Assert.StartsWith("HTTP/1.1 200 ", await server.Exchange(request), StringComparison.Ordinal);
    }

    /// <summary>A cancel of all orders, which would be seen.</summary>
    private Task Expect(string expected, params string[] headers) =>
        server.ExpectRefusal(expected, BadInputServer.Request("DELETE", Target, null, headers));

    private string[] Sign(string secret, string method = "DELETE", string target = Target, string? timestamp = null, string body = "", string? key = null)
    {
        timestamp ??= $"{NowMs}";
        return [$"X-Key: {key ?? server.Alice.Key}", $"X-Timestamp: {timestamp}", $"X-Signature: {Signed.Signature(secret, timestamp, method, target, body)}"];
    }

    private static string[] Edit(string[] headers, Func<string, string> edit) =>
        [.. headers.Select(header => header.StartsWith("X-Signature: ", StringComparison.Ordinal) ? $"X-Signature: {edit(header[13..])}" : header)];
}

using System.Net;
using System.Text;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Orders;

/// <summary>What hostile or broken clients send: each row is answered by its code, and nothing reaches the venue.</summary>
public sealed class HostileInputTests(HostileInputTests.Server server) : IClassFixture<HostileInputTests.Server>
{
    private const string Good = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000.1","qty":"0.003"}""";

    public sealed class Server : IAsyncLifetime
    {
        internal EdgeServer Edge { get; private set; } = null!;

        public async Task InitializeAsync() => Edge = await EdgeServer.Start();

        public async Task DisposeAsync() => await Edge.DisposeAsync();
    }

    // S1: bodies that are not one well-formed JSON object. Latin 1 carries the bytes.
    public static TheoryData<string, string, string> MalformedBodies => new()
    {
        { "truncated", Good[..^1], "400 MALFORMED_JSON" },
        { "truncated in a string", Good[..^3], "400 MALFORMED_JSON" },
        { "trailing comma", Good[..^1] + ",}", "400 MALFORMED_JSON" },
        { "comment", "/* hi */" + Good, "400 MALFORMED_JSON" },
        { "comment behind", Good + " // hi", "400 MALFORMED_JSON" },
        { "two documents", Good + Good, "400 MALFORMED_JSON" },
        { "text behind", Good + "x", "400 MALFORMED_JSON" },
        { "byte order mark", "\u00ef\u00bb\u00bf" + Good, "400 MALFORMED_JSON" },
        { "invalid UTF-8", Good.Replace("buy", "b\u00ff"), "400 MALFORMED_JSON" },
        { "overlong UTF-8", Good.Replace("buy", "b\u00c0\u0080"), "400 MALFORMED_JSON" },
        { "raw surrogate", Good.Replace("buy", "\u00ed\u00a0\u0080"), "400 MALFORMED_JSON" },
        { "escaped lone surrogate", Good.Replace("buy", "\\ud800"), "400 MALFORMED_JSON" },
        { "escaped lone surrogate as name", Good.Replace("\"qty\"", "\"\\udc00\""), "400 MALFORMED_JSON" },
        { "raw NUL", Good.Replace("buy", "b\0y"), "400 MALFORMED_JSON" },
        { "NUL behind", Good + "\0", "400 MALFORMED_JSON" },
        { "escaped NUL", Good.Replace("BTCUSDT", "BTCUSDT\\u0000"), "400 BAD_SYMBOL" },
        { "lone number", "1", "400 MALFORMED_JSON" },
        { "lone string", "\"a\"", "400 MALFORMED_JSON" },
        { "lone null", "null", "400 MALFORMED_JSON" },
        { "array", "[" + Good + "]", "400 MALFORMED_JSON" },
        { "empty", "", "400 MALFORMED_JSON" },
        { "white space", "  ", "400 MALFORMED_JSON" },
        { "single quotes", Good.Replace('"', '\''), "400 MALFORMED_JSON" },
        { "duplicate field", Good[..^1] + ",\"qty\":\"1\"}", "400 DUPLICATE_FIELD" },
        { "duplicate field by escape", Good[..^1] + ",\"q\\u0074y\":\"1\"}", "400 DUPLICATE_FIELD" },
        { "unknown field", Good[..^1] + ",\"leverage\":1}", "400 UNKNOWN_FIELD" },
        { "field in other case", Good.Replace("qty", "Qty"), "400 UNKNOWN_FIELD" },
        { "missing field", """{"side":"buy","type":"market","qty":"1"}""", "400 MISSING_FIELD" },
        { "null for absent", Good.Replace("\"30000.1\"", "null"), "400 WRONG_TYPE" },
        { "array for scalar", Good.Replace("\"buy\"", "[\"buy\"]"), "400 WRONG_TYPE" },
        { "object for scalar", Good.Replace("\"buy\"", "{\"a\":\"buy\"}"), "400 WRONG_TYPE" },
        { "string for flag", Good[..^1] + ",\"reduceOnly\":\"true\"}", "400 WRONG_TYPE" },

        // S3: depth.
        { "deep arrays", Good.Replace("\"buy\"", new string('[', 20_000)), "400 JSON_TOO_DEEP" },
        { "deep objects", Good.Replace("\"buy\"", string.Concat(Enumerable.Repeat("{\"a\":", 9_000))), "400 JSON_TOO_DEEP" },
        { "deep from the start", new string('[', 60_000), "400 MALFORMED_JSON" },
    };

    // S4: numbers, as the text of a price.
    public static TheoryData<string, string> BadDecimals => new()
    {
        { "NaN", "400 BAD_DECIMAL" }, { "Infinity", "400 BAD_DECIMAL" }, { "-Infinity", "400 BAD_DECIMAL" }, { "1e308", "400 BAD_DECIMAL" },
        { "1e-400", "400 BAD_DECIMAL" }, { "1E5", "400 BAD_DECIMAL" }, { "+1", "400 BAD_DECIMAL" }, { ".5", "400 BAD_DECIMAL" },
        { "5.", "400 BAD_DECIMAL" }, { "0x10", "400 BAD_DECIMAL" }, { "1_000", "400 BAD_DECIMAL" }, { "1,5", "400 BAD_DECIMAL" },
        { "1" + "0000000000000000000000000000000000000000", "400 BAD_DECIMAL" }, { "\u0661\u0662", "400 BAD_DECIMAL" },
        { "\uff11\uff12", "400 BAD_DECIMAL" }, { "\u22121", "400 BAD_DECIMAL" }, { "-1", "400 BAD_DECIMAL" }, { "1 000", "400 BAD_DECIMAL" },
        { " 1", "400 BAD_DECIMAL" }, { "1 ", "400 BAD_DECIMAL" }, { "", "400 BAD_DECIMAL" }, { ".", "400 BAD_DECIMAL" },
        { "1.2.3", "400 BAD_DECIMAL" }, { "1.123456789", "400 BAD_DECIMAL" }, { "-0", "400 BAD_DECIMAL" },
        { new string('9', 200), "400 BAD_DECIMAL" }, { new string('0', 200), "400 BAD_DECIMAL" }, { "30000.05", "422 PRICE_TICK" },
        { "0.00000001", "422 PRICE_TICK" },

        // S5: ranges.
        { "0", "422 PRICE_RANGE" }, { "0.0", "422 PRICE_RANGE" }, { "99999999999999999999", "422 PRICE_RANGE" },
        { "100000000000.1", "422 PRICE_RANGE" }, { "18446744073709551616", "422 PRICE_RANGE" },
    };

    // S5: ranges of everything else.
    public static TheoryData<string, string, string> OutOfRange => new()
    {
        { "zero quantity", Good.Replace("0.003", "0"), "422 QTY_RANGE" },
        { "negative quantity", Good.Replace("0.003", "-1"), "400 BAD_DECIMAL" },
        { "2^63 - 1 as quantity", Good.Replace("0.003", "9223372036854775807"), "422 QTY_RANGE" },
        { "2^63 as quantity", Good.Replace("0.003", "9223372036854775808"), "422 QTY_RANGE" },
        { "off lot", Good.Replace("0.003", "0.0005"), "422 QTY_STEP" },
        { "number for a decimal", Good.Replace("\"0.003\"", "0.003"), "400 WRONG_TYPE" },
        { "negative time", Good[..^1] + ",\"gtdMs\":-1}", "400 BAD_INTEGER" },
        { "time of 10^18", Good[..^1] + ",\"gtdMs\":1000000000000000000}", "400 BAD_INTEGER" },
        { "time with a fraction", Good[..^1] + ",\"gtdMs\":1.5}", "400 BAD_INTEGER" },
        { "time with an exponent", Good[..^1] + ",\"gtdMs\":1e12}", "400 BAD_INTEGER" },
        { "minus zero", Good[..^1] + ",\"gtdMs\":-0}", "400 BAD_INTEGER" },
        { "time as text", Good[..^1] + ",\"gtdMs\":\"1\"}", "400 WRONG_TYPE" },
        { "callback rate over one", Good[..^1] + ",\"callbackRate\":\"1.1\"}", "422 BAD_CALLBACK_RATE" },
    };

    // S6: text.
    public static TheoryData<string, string, string> BadText => new()
    {
        { "lower case symbol", Good.Replace("BTCUSDT", "btcusdt"), "400 BAD_SYMBOL" },
        { "combining mark", Good.Replace("BTCUSDT", "BTCUSDT\\u0301"), "400 BAD_SYMBOL" },
        { "homoglyph", Good.Replace("BTCUSDT", "\\u0412TCUSDT"), "400 BAD_SYMBOL" },
        { "right-to-left mark", Good.Replace("BTCUSDT", "\\u200fBTCUSDT"), "400 BAD_SYMBOL" },
        { "ten kilobytes", Good.Replace("BTCUSDT", new string('A', 10_240)), "400 BAD_SYMBOL" },
        { "ten kilobytes with an escape", Good.Replace("BTCUSDT", "\\u0041" + new string('A', 10_240)), "400 BAD_SYMBOL" },
        { "empty symbol", Good.Replace("BTCUSDT", ""), "400 BAD_SYMBOL" },
        { "unknown symbol", Good.Replace("BTCUSDT", "NONE"), "404 UNKNOWN_SYMBOL" },
        { "upper case side", Good.Replace("buy", "BUY"), "400 BAD_VALUE" },
        { "unknown type", Good.Replace("limit", "iceberg"), "400 BAD_VALUE" },
        { "empty client id", Good[..^1] + ",\"clientOrderId\":\"\"}", "400 BAD_CLIENT_ID" },
        { "long client id", Good[..^1] + ",\"clientOrderId\":\"" + new string('a', 37) + "\"}", "400 BAD_CLIENT_ID" },
        { "space in client id", Good[..^1] + ",\"clientOrderId\":\"a b\"}", "400 BAD_CLIENT_ID" },
        { "line break in client id", Good[..^1] + ",\"clientOrderId\":\"a\\r\\nb\"}", "400 BAD_CLIENT_ID" },
        { "terminal escape in client id", Good[..^1] + ",\"clientOrderId\":\"\\u001b[31m\"}", "400 BAD_CLIENT_ID" },
        { "markup in client id", Good[..^1] + ",\"clientOrderId\":\"<b>\"}", "400 BAD_CLIENT_ID" },
    };

    // S7: parameters.
    public static TheoryData<string, string, string> BadParameters => new()
    {
        { "GET", "/api/v1/orders?colour=red", "400 UNKNOWN_PARAMETER" },
        { "GET", "/api/v1/orders?symbol=BTCUSDT&symbol=BTCUSDT", "400 DUPLICATE_PARAMETER" },
        { "GET", "/api/v1/orders?Symbol=BTCUSDT", "400 UNKNOWN_PARAMETER" },
        { "GET", "/api/v1/orders?symbol=BTC%2555SDT", "400 BAD_SYMBOL" },
        { "GET", "/api/v1/orders?symbol=BTC+USDT", "400 BAD_SYMBOL" },
        { "GET", "/api/v1/orders?symbol=BTC%20USDT", "400 BAD_SYMBOL" },
        { "GET", "/api/v1/orders?symbol=BTCUSDT;limit=1", "400 BAD_SYMBOL" },
        { "GET", "/api/v1/orders?symbol=%zz", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?%zz=BTCUSDT", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?%6Cimit=0", "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?symbol=BTCUSDT&%73ymbol=BTCUSDT", "400 DUPLICATE_PARAMETER" },
        { "GET", "/api/v1/orders?symbol=%ff", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?symbol=%00", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?symbol", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?&&", "400 MALFORMED_QUERY" },
        { "GET", "/api/v1/orders?limit=0", "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?limit=1001", "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?limit=-1", "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?limit=1e2", "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?cursor=AAAA", "400 BAD_CURSOR" },
        { "GET", "/api/v1/orders?cursor=AAAAAAAAAAA", "400 BAD_CURSOR" },
        { "GET", "/api/v1/orders?cursor=cursor%3DAAAA", "400 BAD_CURSOR" }, // 11 characters, as one has, and no base64
        { "GET", "/api/v1/orders?status=closed", "400 BAD_VALUE" },
        { "DELETE", "/api/v1/orders", "400 MISSING_FIELD" },
        { "DELETE", "/api/v1/orders?symbol=NONE", "404 UNKNOWN_SYMBOL" },
        { "DELETE", "/api/v1/orders/12345678901234567890", "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/9223372036854775808", "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/-1", "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/0x10", "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/client:", "400 BAD_CLIENT_ID" },
        { "DELETE", "/api/v1/orders/client:a%2520b", "400 BAD_CLIENT_ID" },
        { "DELETE", "/api/v1/orders/77", "404 UNKNOWN_ORDER" },
        { "DELETE", "/api/v1/orders/client:nobodys", "404 UNKNOWN_ORDER" },

        // S11: paths.
        { "GET", "/api/v1/../../etc/passwd", "404 NOT_FOUND" },
        { "GET", "/%2e%2e/%2e%2e/etc/passwd", "404 NOT_FOUND" },
        { "GET", "/..%2f..%2fetc%2fpasswd", "404 NOT_FOUND" },
        { "GET", "/api/v1/nothing", "404 NOT_FOUND" },
        { "PUT", "/api/v1/orders", "405 METHOD_NOT_ALLOWED" },
        { "BREW", "/api/v1/orders", "405 METHOD_NOT_ALLOWED" },
    };

    [Theory, MemberData(nameof(MalformedBodies)), MemberData(nameof(OutOfRange)), MemberData(nameof(BadText))]
    public Task A_bad_body_is_refused_by_code(string name, string body, string expected)
    {
        Assert.NotEmpty(name);
        byte[] bytes = body.Any(c => c > 255) ? Encoding.UTF8.GetBytes(body) : Encoding.Latin1.GetBytes(body);
        return ExpectRefusal("POST", "/api/v1/orders", bytes, expected);
    }

    [Theory, MemberData(nameof(BadDecimals))]
    public Task A_bad_price_is_refused_by_code(string price, string expected) =>
        ExpectRefusal("POST", "/api/v1/orders", Encoding.UTF8.GetBytes(Good.Replace("30000.1", price)), expected);

    [Theory, MemberData(nameof(BadParameters))]
    public async Task A_bad_parameter_or_path_is_refused_by_code(string method, string target, string expected)
    {
        // Bare, because client libraries tidy targets up.
        using var raw = new RawConnection(server.Edge.Address);
        await raw.Write($"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Edge.TraderToken}\r\nConnection: close\r\n\r\n");

        string response = await raw.ReadToEnd();

        Assert.StartsWith($"HTTP/1.1 {expected[..3]}", response, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{expected[4..]}\"", response, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id:", response, StringComparison.Ordinal);
        Assert.Equal(0, server.Edge.Exchange.SubmittedCount);
    }

    [Theory]
    [InlineData("""{"orders":[]}""", "422 BATCH_SIZE")]
    [InlineData("""{"orders":[1]}""", "400 WRONG_TYPE")]
    [InlineData("""{"orders":{}}""", "400 WRONG_TYPE")]
    [InlineData("""{}""", "400 MISSING_FIELD")]
    [InlineData("""{"orders":[{"symbol":[[[[[[[]]]]]]]}]}""", "400 JSON_TOO_DEEP")]
    public Task A_bad_batch_is_refused_as_a_whole(string body, string expected) =>
        ExpectRefusal("POST", "/api/v1/orders/batch", Encoding.UTF8.GetBytes(body), expected);

    [Fact]
    public Task A_batch_of_101_is_refused_as_a_whole() => ExpectRefusal(
        "POST", "/api/v1/orders/batch", Encoding.UTF8.GetBytes($"{{\"orders\":[{string.Join(',', Enumerable.Repeat(Good, 101))}]}}"), "422 BATCH_SIZE");

    // S2: sizes.
    [Fact]
    public Task A_body_over_64_KiB_is_refused_by_its_length() =>
        ExpectRefusal("POST", "/api/v1/orders", new byte[64 * 1_024 + 1], "413 BODY_TOO_LARGE");

    [Fact]
    public Task A_batch_over_1_MiB_is_refused_by_its_length() =>
        ExpectRefusal("POST", "/api/v1/orders/batch", new byte[1_024 * 1_024 + 1], "413 BODY_TOO_LARGE");

    [Fact]
    public async Task Chunks_without_end_are_refused_while_reading()
    {
        using var raw = new RawConnection(server.Edge.Address);
        await raw.Write($"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {server.Edge.TraderToken}\r\nTransfer-Encoding: chunked\r\n\r\n");
        string chunk = $"4000\r\n{new string(' ', 0x4000)}\r\n";
        for (int i = 0; i < 5; i++)
            await raw.Write(chunk);

        Assert.Contains("413", await raw.ReadUntil("BODY_TOO_LARGE"), StringComparison.Ordinal);
        Assert.Equal(0, server.Edge.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task Both_lengths_in_one_request_are_refused_and_the_connection_is_closed()
    {
        using var raw = new RawConnection(server.Edge.Address);
        await raw.Write($"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        string response = await raw.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
        Assert.Contains("AMBIGUOUS_LENGTH", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", null, "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/x-www-form-urlencoded", null, "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/json; charset=utf-16", null, "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/jsonp", null, "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/json", "gzip", "415 UNSUPPORTED_MEDIA_TYPE")]
    public async Task A_body_that_is_not_plain_json_is_refused(string contentType, string? encoding, string expected)
    {
        HttpRequestMessage request = EdgeServer.Request("POST", "/api/v1/orders", Encoding.UTF8.GetBytes(Good), server.Edge.TraderToken);
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (encoding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        Reply reply = await server.Edge.Send(request);

        Assert.Equal(expected, reply.Refusal);
    }

    [Fact]
    public Task A_body_where_none_belongs_is_refused() =>
        ExpectRefusal("GET", "/api/v1/orders", Encoding.UTF8.GetBytes(Good), "400 UNEXPECTED_BODY");

    [Fact]
    public async Task A_refusal_repeats_nothing_of_what_was_sent()
    {
        foreach (string body in new[] { Good[..^1] + ",\"zyxwv\":1}", Good.Replace("limit", "zyxwv"), Good.Replace("BTCUSDT", "zyxwv"), "{\"zyxwv" })
        {
            Reply reply = await server.Edge.AsTrader("POST", "/api/v1/orders", body);
            Assert.DoesNotContain("zyxwv", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_method_not_taken_lists_those_that_are()
    {
        Reply reply = await server.Edge.AsTrader("PUT", "/api/v1/orders");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.Status);
        Assert.True(reply.Headers.Contains("X-Request-Id"));
    }

    private async Task ExpectRefusal(string method, string target, byte[]? body, string expected)
    {
        Reply reply = await server.Edge.Send(EdgeServer.Request(method, target, body, server.Edge.TraderToken));

        Assert.Equal(expected, reply.Refusal);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.DoesNotContain(" at Exchange.", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(".cs", reply.Text, StringComparison.Ordinal);
        Assert.Equal(0, server.Edge.Exchange.SubmittedCount);
    }
}

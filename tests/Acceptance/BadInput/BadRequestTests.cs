
namespace Exchange.Acceptance.BadInput;

/// <summary>Bad requests over bare connections, as docs/faults.md lists them (S1 to S7, S11, S12): each refused by its code, and nothing changes (P8).</summary>
public sealed class BadRequestTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    private const string Good = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49000","qty":"0.01"}""";

    // S1, S3: what is not one well-formed object; S4 to S6: fields of it. Latin 1 carries the bytes.
    public static TheoryData<string, string> Orders => new()
    {
        { Good[..^1], "400 MALFORMED_JSON" },
        { Good[..^1] + ",}", "400 MALFORMED_JSON" },
        { Good + Good, "400 MALFORMED_JSON" },
        { "\u00ef\u00bb\u00bf" + Good, "400 MALFORMED_JSON" },
        { Good.Replace("buy", "b\u00ff"), "400 MALFORMED_JSON" },
        { Good.Replace("buy", "\\ud800"), "400 MALFORMED_JSON" },
        { "/**/" + Good, "400 MALFORMED_JSON" },
        { "", "400 MALFORMED_JSON" },
        { "null", "400 MALFORMED_JSON" },
        { Good[..^1] + ",\"qty\":\"0.02\"}", "400 DUPLICATE_FIELD" },
        { Good[..^1] + ",\"price\":\"49001\",\"price\":\"49000\"}", "400 DUPLICATE_FIELD" },
        { Good[..^1] + ",\"accountId\":\"2\"}", "400 UNKNOWN_FIELD" },
        { Good.Replace("\"buy\"", new string('[', 50_000)), "400 JSON_TOO_DEEP" },
        { Good.Replace("\"49000\"", "49000"), "400 WRONG_TYPE" },
        { Good.Replace("49000", "4.9e4"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "49,000"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "+49000"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "0x10"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "NaN"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "\\u0664\\u0669\\u0660\\u0660\\u0660"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "49000.123456789"), "400 BAD_DECIMAL" },
        { Good.Replace("49000", new string('9', 200)), "400 BAD_DECIMAL" },
        { Good.Replace("49000", "49000.01"), "422 PRICE_TICK" },
        { Good.Replace("49000", "0"), "422 PRICE_RANGE" },
        { Good.Replace("49000", "1000000.1"), "422 PRICE_RANGE" },
        { Good.Replace("49000", "60000"), "422 PRICE_BAND" },
        { Good.Replace("0.01", "0"), "422 QTY_RANGE" },
        { Good.Replace("0.01", "-0.01"), "400 BAD_DECIMAL" },
        { Good.Replace("0.01", "0.0001"), "422 QTY_STEP" },
        { Good.Replace("0.01", "9223372036854775807"), "422 QTY_RANGE" },
        { Good.Replace("0.01", "9007199254740993"), "422 QTY_RANGE" },
        { Good.Replace("0.01", "1000"), "422 INSUFFICIENT_MARGIN" },
        { Good.Replace("BTCUSDT", "btcusdt"), "400 BAD_SYMBOL" },
        { Good.Replace("BTCUSDT", "\\u0412TCUSDT"), "400 BAD_SYMBOL" },
        { Good.Replace("BTCUSDT", new string('A', 10_240)), "400 BAD_SYMBOL" },
        { Good.Replace("BTCUSDT", "DOGEUSDT"), "404 UNKNOWN_SYMBOL" },
        { Good[..^1] + ",\"clientOrderId\":\"a\\r\\nX-Evil: 1\"}", "400 BAD_CLIENT_ID" },
        { Good[..^1] + ",\"clientOrderId\":\"\\u001b[2J\"}", "400 BAD_CLIENT_ID" },
        { Good[..^1] + ",\"clientOrderId\":\"" + new string('a', 37) + "\"}", "400 BAD_CLIENT_ID" },
        { Good[..^1] + ",\"clientOrderId\":\"resting\"}", "409 CLIENT_ID_REUSED" },
        { Good[..^1] + ",\"gtdMs\":1e12}", "400 BAD_INTEGER" },
        { Good[..^1] + ",\"timeInForce\":\"gtd\",\"gtdMs\":1}", "422 GTD_IN_PAST" },
        { Good[..^1] + ",\"reduceOnly\":true}", "422 REDUCE_ONLY_REJECT" },
        { Good[..^1] + ",\"positionSide\":\"long\"}", "422 POSITION_SIDE_MISMATCH" },
        { Good[..^1] + ",\"stopPrice\":\"49000\"}", "422 BAD_COMBINATION" },
    };

    // S5, S7, S11, S12: everything else that changes something, or looks for what is not there.
    public static TheoryData<string, string, string?, string> Others => new()
    {
        { "PATCH", "/api/v1/orders/client:resting", "{}", "400 MISSING_FIELD" },
        { "PATCH", "/api/v1/orders/client:resting", """{"qty":"0.01","price":"49900"}""", "422 NO_CHANGE" },
        { "PATCH", "/api/v1/orders/client:resting", """{"qty":"1e-2"}""", "400 BAD_DECIMAL" },
        { "DELETE", "/api/v1/orders/9223372036854775808", null, "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/00000000000000000001x", null, "400 BAD_ID" },
        { "DELETE", "/api/v1/orders/999", null, "404 UNKNOWN_ORDER" },
        { "DELETE", "/api/v1/orders/client:rest%2569ng", null, "400 BAD_CLIENT_ID" },
        { "DELETE", "/api/v1/orders", null, "400 MISSING_FIELD" },
        { "DELETE", "/api/v1/orders?symbol=BTCUSDT&symbol=ETHUSDT", null, "400 DUPLICATE_PARAMETER" },
        { "DELETE", "/api/v1/orders?symbol=BTCUSDT&all=true", null, "400 UNKNOWN_PARAMETER" },
        { "DELETE", "/api/v1/orders?symbol=BTCUSDT%00", null, "400 MALFORMED_QUERY" },
        { "DELETE", "/api/v1/orders?symbol=BTCUSDT", "{}", "400 UNEXPECTED_BODY" },
        { "PUT", "/api/v1/positions/BTCUSDT/leverage", """{"leverage":0}""", "422 LEVERAGE_RANGE" },
        { "PUT", "/api/v1/positions/BTCUSDT/leverage", """{"leverage":126}""", "422 LEVERAGE_RANGE" },
        { "PUT", "/api/v1/positions/BTCUSDT/leverage", """{"leverage":10.5}""", "400 BAD_INTEGER" },
        { "PUT", "/api/v1/positions/BTCUSDT/leverage", """{"leverage":"10"}""", "400 WRONG_TYPE" },
        { "PUT", "/api/v1/positions/BTCUSDT/margin-mode", """{"marginMode":"isolated"}""", "422 OPEN_ORDERS" },
        { "PUT", "/api/v1/account/position-mode", """{"positionMode":"one_way"}""", "422 NO_CHANGE" },
        { "PUT", "/api/v1/cancel-after", """{"symbol":"BTCUSDT","timeoutMs":86400001}""", "422 COUNTDOWN_RANGE" },
        { "POST", "/api/v1/orders/batch", """{"orders":[]}""", "422 BATCH_SIZE" },
        { "POST", "/api/v1/admin/accounts", """{"accountId":"9"}""", "403 PERMISSION_MISSING" },
        { "POST", "/api/v1/admin/deposits", """{"accountId":"1","transferId":"x","amount":"1"}""", "403 PERMISSION_MISSING" },
        { "GET", "/api/v1/orders?limit=1001", null, "400 BAD_INTEGER" },
        { "GET", "/api/v1/orders?cursor=AAAAAAAAAAA", null, "400 BAD_CURSOR" },
        { "GET", "/..%2f..%2f..%2fetc/passwd", null, "404 NOT_FOUND" },
        { "GET", "/docs/../../demo-keys.json", null, "404 NOT_FOUND" },
        { "GET", "/docs/%2e%2e/%2e%2e/demo-keys.json", null, "404 NOT_FOUND" },
        { "GET", "/docs\\..\\demo-keys.json", null, "404 NOT_FOUND" },
        { "GET", "/demo-keys.json", null, "404 NOT_FOUND" },
        { "GET", "/docs/%00", null, "400" },
        { "TRACE", "/api/v1/orders", null, "405 METHOD_NOT_ALLOWED" },
        { "PUT", "/api/v1/orders", "{}", "405 METHOD_NOT_ALLOWED" },
    };

    public static TheoryData<string, string> Money => new()
    {
        { """{"accountId":"1","transferId":"m","amount":"-1"}""", "400 BAD_DECIMAL" },
        { """{"accountId":"1","transferId":"m","amount":"0"}""", "422 AMOUNT_RANGE" },
        { """{"accountId":"1","transferId":"m","amount":"0.000000001"}""", "400 BAD_DECIMAL" },
        { """{"accountId":"1","transferId":"m","amount":"92233720368.54775808"}""", "422 AMOUNT_RANGE" },
        { """{"accountId":"1","transferId":"m","amount":1}""", "400 WRONG_TYPE" },
        { """{"accountId":"0","transferId":"m","amount":"1"}""", "404 UNKNOWN_ACCOUNT" },
        { """{"accountId":"77","transferId":"m","amount":"1"}""", "404 UNKNOWN_ACCOUNT" },
        { """{"accountId":"4294967297","transferId":"m","amount":"1"}""", "404 UNKNOWN_ACCOUNT" },
        { """{"accountId":"1","transferId":"","amount":"1"}""", "400 BAD_CLIENT_ID" },
        { """{"accountId":"1","transferId":"demo-start","amount":"1"}""", "409 TRANSFER_ID_REUSED" },
        { """{"accountId":"1","amount":"1"}""", "400 MISSING_FIELD" },
    };

    [Theory, MemberData(nameof(Orders))]
    public Task An_order_that_must_not_be_is_refused(string body, string expected) =>
        server.ExpectRefusal(expected, BadInputServer.Request("POST", "/api/v1/orders", body, server.Bearer(server.Alice)));

    [Theory, MemberData(nameof(Others))]
    public Task A_request_that_must_not_be_is_refused(string method, string target, string? body, string expected) =>
        server.ExpectRefusal(expected, BadInputServer.Request(method, target, body, server.Bearer(server.Alice)));

    [Theory, MemberData(nameof(Money))]
    public Task A_deposit_that_must_not_be_is_refused(string body, string expected) =>
        server.ExpectRefusal(expected, BadInputServer.Request("POST", "/api/v1/admin/deposits", body, server.Bearer(server.Admin)));

    [Fact]
    public Task A_withdrawal_of_more_than_there_is_is_refused() => server.ExpectRefusal(
        "422 INSUFFICIENT_BALANCE",
        BadInputServer.Request("POST", "/api/v1/admin/withdrawals", """{"accountId":"2","transferId":"w","amount":"100000.01"}""", server.Bearer(server.Admin)));

    // S2: sizes, and lengths that contradict each other.
    [Fact]
    public Task A_body_over_64_KiB_is_refused() => server.ExpectRefusal(
        "413 BODY_TOO_LARGE", BadInputServer.Request("POST", "/api/v1/orders", new string(' ', 65_537), server.Bearer(server.Alice)));

    [Fact]
    public async Task Chunks_without_end_are_refused_while_they_come()
    {
        string chunks = string.Concat(Enumerable.Repeat($"4000\r\n{new string(' ', 0x4000)}\r\n", 6));
        await server.ExpectRefusal("413 BODY_TOO_LARGE", Encode("Transfer-Encoding: chunked", chunks));
    }

    [Fact]
    public Task Two_lengths_in_one_request_are_refused() => server.ExpectRefusal(
        "400 AMBIGUOUS_LENGTH", Encode($"Transfer-Encoding: chunked\r\nContent-Length: {Good.Length}", $"{Good.Length:x}\r\n{Good}\r\n0\r\n\r\n"));

    [Fact]
    public Task A_second_request_hidden_in_a_body_is_not_carried_out() => server.ExpectRefusal(
        "400", Encode($"Content-Length: 5\r\nContent-Length: {Good.Length + 5}", Good));

    [Fact]
    public Task A_compressed_body_is_refused() => server.ExpectRefusal(
        "415 UNSUPPORTED_MEDIA_TYPE", Encode($"Content-Encoding: gzip\r\nContent-Length: {Good.Length}", Good));

    // S12: headers.
    [Fact]
    public Task Too_many_headers_are_refused() => server.ExpectRefusal(
        "431", BadInputServer.Request("POST", "/api/v1/orders", Good, [.. server.Bearer(server.Alice), .. Enumerable.Range(0, 100).Select(i => $"X-{i}: 1")]));

    [Fact]
    public Task Headers_of_20_kilobytes_are_refused() => server.ExpectRefusal(
        "431", BadInputServer.Request("POST", "/api/v1/orders", Good, [.. server.Bearer(server.Alice), $"Cookie: {new string('a', 20_000)}"]));

    [Fact]
    public Task A_line_break_inside_a_header_is_refused() => server.ExpectRefusal(
        "400", BadInputServer.Request("POST", "/api/v1/orders", Good, "Authorization: Bearer a\rb"));

    private byte[] Encode(string lengthHeaders, string rest) => System.Text.Encoding.Latin1.GetBytes(
        $"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {server.Alice.Token}\r\n"
        + $"Content-Type: application/json\r\n{lengthHeaders}\r\n\r\n{rest}");
}

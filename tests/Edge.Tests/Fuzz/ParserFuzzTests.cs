using System.Text;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Edge.Native.Admin;
using Exchange.Edge.Native.Features;
using Exchange.Edge.Native.Keys;
using Exchange.Edge.Native.Orders;
using Exchange.Edge.Native.Streams;
using Exchange.Edge.Native.Streams.Protobuf;
using Exchange.Edge.Tests.Support;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.Edge.Tests.Fuzz;

/// <summary>Every parser of the edge that takes outside bytes, with inputs made from good ones (docs/faults.md S1 to S8, P6).</summary>
public sealed class ParserFuzzTests
{
    private const int MostBytes = 4_096;

    /// <summary>Far below a body's limit; what a parser makes of 4 KiB is the text of fields and a problem with its sentence.</summary>
    private const long MostAllocated = 16 * MostBytes;
    private static readonly int Inputs = TestScale.Of(30_000, 11_000_000);
    private static readonly InstrumentTable Instruments = new(new FakeExchange());

    private static readonly byte[][] JsonTokens = Bytes(
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-0", "1e308", "NaN", "00", ".5", "9223372036854775808",
        "340282366920938463463374607431768211456", " ", "\n", "//", "\uFEFF", "\0", "\"symbol\":", "\"price\":\"1\",", "{\"a\":", "99999999999999999999.99999999");

    private static readonly byte[][] TextTokens = Bytes(
        "&", "=", "%", "%00", "%2e%2e", "%ff", "+", ";", "?", "client:", "symbol=BTCUSDT", "limit=", "-1", "18446744073709551616", "é", "\0", "@", "a".PadRight(100, 'a'));

    private static readonly byte[][] Orders = Bytes(
        """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"50000.1","qty":"0.01","clientOrderId":"a:1"}""",
        """{"symbol":"BTCUSDT","side":"sell","type":"stop_limit","timeInForce":"gtd","gtdMs":1800000000000,"price":"1","stopPrice":"2","qty":"3","reduceOnly":true,"workingType":"mark","positionSide":"both"}""",
        """{"symbol":"ALTUSDT","side":"buy","type":"trailing_stop_market","callbackRate":"0.01","activationPrice":"5","qty":"1"}""");

    private static readonly byte[][] StreamMessages = Bytes(
        """{"id":1,"op":"subscribe","channels":["orderbook@BTCUSDT@100","trades@BTCUSDT","kline@BTCUSDT@1m","orders"],"cursor":"AAAA"}""",
        """{"id":2,"op":"authenticate","key":"k","timestamp":1700000000000,"signature":"00ff","recvWindow":5000}""",
        """{"id":3,"op":"order.place","body":{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"50000.1","qty":"0.01"}}""",
        """{"id":4,"op":"order.amend","order":"client:a","symbol":"BTCUSDT","body":{"price":"50000.1"}}""");

    [Fact]
    public void Orders_in_JSON()
    {
        var reader = new PlaceOrderBody(Instruments, new ClientIds());
        Run(1, Orders, JsonTokens, json => reader.Read(json.Span, 1, out _, out _) is null);
    }

    [Fact]
    public void Amends_in_JSON() => Run(
        2, Bytes("""{"price":"50000.1","qty":"2"}""", """{"qty":"0.001"}"""), JsonTokens,
        json => AmendOrderBody.Read(json.Span, Instruments[0], out _) is null);

    [Fact]
    public void Instruments_in_JSON() => Run(
        3,
        Bytes("""
            {"symbol":"ETHUSDT","tickSize":"0.01","lotSize":"0.001","makerFee":"-0.0001","takerFee":"0.0005","liquidationFee":"0.01","bandUp":"1.1","bandDown":"0.9","marketBound":"0.05","minQty":"0.001","maxQty":"10","minNotional":"5","brackets":[{"cap":"1000","maxLeverage":20,"maintenanceRate":"0.01"}]}
            """),
        JsonTokens,
        json => InstrumentBody.Read(json.Span, 2, out _) is null);

    [Fact]
    public void Keys_in_JSON() => Run(
        4, Bytes("""{"permissions":["read","trade"],"addresses":["10.0.0.0/8","::1"],"expiresMs":1800000000000}"""), JsonTokens,
        json => KeyBody.Read(json.Span, 1_700_000_000_000, out _) is null);

    [Fact]
    public void Features_in_JSON() => Run(
        10, Bytes("""{"value":"-0.5","source":"wire","timeMs":1700000000000}""", """{"text":"a\u00e4","source":"wire"}"""), JsonTokens,
        json => FeatureBody.Read(json.Span, out _) is null);

    [Fact]
    public void Messages_of_the_stream_in_JSON()
    {
        var orders = new PlaceOrderBody(Instruments, new ClientIds());
        Run(5, StreamMessages, JsonTokens, json =>
        {
            if (JsonRequest.Read(json, Instruments, out StreamRequest request) is not null)
                return false;
            return request.Op switch
            {
                StreamOp.Place => request.ReadPlace(orders, 1, out _, out _) is null,
                StreamOp.Amend => request.ReadAmend(Instruments[0], out _) is null,
                _ => true,
            };
        });
    }

    [Fact]
    public void Frames_of_the_stream_in_Protobuf()
    {
        var place = new ClientFrame();
        place.Messages.Add(new ClientMessage { Id = 1, Place = new PlaceOrder { Symbol = "BTCUSDT", Side = Side.Buy, Type = OrderType.Limit, Price = "50000.1", Qty = "0.01" } });
        var subscribe = new ClientFrame();
        subscribe.Messages.Add(new ClientMessage { Id = 2, Subscribe = new Subscribe { Channels = { "orderbook@BTCUSDT", "trades@ALTUSDT" } } });
        var orders = new PlaceOrderBody(Instruments, new ClientIds());
        Run(6, [place.ToByteArray(), subscribe.ToByteArray()], [[0x0a], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80], [0x08, 0x96, 0x01], [0x1a, 0x00]], bytes =>
        {
            if (ProtobufRequest.ReadFrame(bytes.Span, out ClientFrame frame) is not null)
                return false;
            foreach (ClientMessage message in frame.Messages)
            {
                if (ProtobufRequest.Read(message, Instruments, out StreamRequest request) is null && request.Op == StreamOp.Place)
                    request.ReadPlace(orders, 1, out _, out _);
            }

            return true;
        });
    }

    [Theory]
    [InlineData("0AFFFFFFFF07353030")]             // A message that says it is 2^31 - 1 bytes long,
    [InlineData("0A0B08011A070AFFFFFFFF0742")]     // and a text within one.
    public void A_frame_whose_length_is_beyond_all_bounds_is_refused(string hex) =>
        Assert.NotNull(ProtobufRequest.ReadFrame(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_frame_of_too_many_messages_is_refused_before_any_is_read(int messages, bool isTaken)
    {
        var frame = new ClientFrame();
        for (int i = 0; i < messages; i++)
            frame.Messages.Add(new ClientMessage { Id = (ulong)i * 1_000 });
        Assert.Equal(isTaken, ProtobufRequest.ReadFrame(frame.ToByteArray(), out _) is null);
    }

    [Fact]
    public void Queries_cursors_channels_and_escapes() => Run(
        7, Bytes("?symbol=BTCUSDT&limit=100&cursor=AAAA", "client%3Aa%3A1", "orderbook@BTCUSDT@10", "AAAAAAAAAAE", "read,trade"), TextTokens,
        bytes =>
        {
            string text = Encoding.Latin1.GetString(bytes.Span);
            bool isQuery = QueryFields.Read(text, [new QueryField("symbol", ""), new QueryField("limit", ""), new QueryField("cursor", "")], out QueryFields query) is null
                && Paging.Read(query, 1, 2, out _, out _) is null;
            bool isChannel = StreamChannel.Parse(text, Instruments, out _) is null;
            return isQuery | isChannel | PercentText.TryDecode(text, out _) | OwnCursor.TryParse(text, out _);
        });

    [Fact]
    public void Signatures_and_tokens() => Run(
        8, Bytes(new string('a', 64), "00ff10ab".PadRight(64, '0'), "xt_" + new string('b', 64)), TextTokens,
        bytes =>
        {
            string text = Encoding.Latin1.GetString(bytes.Span);
            Span<byte> signature = stackalloc byte[32];
            return LowerHex.TryDecode(text, signature) | TokenHash.TryOf(text, out _);
        });

    [Fact]
    public void Numbers() => Run(
        9, Bytes("50000.1", "0.00000001", "12345678901234567890.12345678", "0"), Bytes("0", "9", ".", "-", "+", "e", " ", "00000000000", "\u0661", ",", "_"),
        bytes => DecimalText.ParseSteps(bytes.Span, 10_000_000, out _) == DecimalTextResult.Ok);

    private static void Run(int seed, byte[][] seeds, byte[][] tokens, Func<ReadOnlyMemory<byte>, bool> parse)
    {
        Assert.All(seeds.Take(1), good => parse(good));
        int accepted = FuzzRun.Of(new Mutator(seed, seeds, tokens, MostBytes), Inputs, MostAllocated, parse);
        Assert.InRange(accepted, 1, Inputs - 1);
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}

using System.Net.Sockets;
using System.Text;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Exchange.Edge.Tests.Support;

namespace Exchange.Acceptance.BadInput;

/// <summary>
/// Connections that no honest client makes (S1, S2, S12, S13): while they last another client trades, none of its orders taking long;
/// afterwards the server is there, and what they tried to slip in is not.
/// </summary>
public sealed class HostileConnectionTests(HostileConnectionTests.Target target) : IClassFixture<HostileConnectionTests.Target>
{
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(50);

    public static TheoryData<string, string> Shapes => new()
    {
        { "both lengths", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX" },
        { "both lengths, the other way round", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX" },
        { "two lengths", "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" },
        { "two lengths in one", "Content-Length: 0, 44\r\n\r\n" },
        { "a negative length", "Content-Length: -1\r\n\r\n" },
        { "a length with a sign", "Content-Length: +0\r\n\r\n" },
        { "a negative zero", "Content-Length: -0\r\n\r\n" },
        { "a length with a space in it", "Content-Length: 0 0\r\n\r\n" },
        { "an empty length", "Content-Length:\r\n\r\n" },
        { "a fraction", "Content-Length: 0.0\r\n\r\n" },
        { "an exponent", "Content-Length: 0e0\r\n\r\n" },
        { "a length of other digits", "Content-Length: \u00b2\r\n\r\n" },
        { "the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" },
        { "a length in hexadecimal", "Content-Length: 0x0\r\n\r\n" },
        { "a length beyond 64 bits", "Content-Length: 18446744073709551616\r\n\r\n" },
        { "a space before the colon", "Content-Length : 0\r\n\r\n" },
        { "an encoding nobody knows", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "chunked not at the end", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
        { "chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "a tab inside the encoding's name", "Transfer-\tEncoding: chunked\r\n\r\n0\r\n\r\n" },
        { "a control character in the encoding", "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" },
        { "a folded header", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" },
        { "a chunk of signed size", "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" },
        { "a chunk of hexadecimal size", "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" },
        { "a chunk of endless size", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n" },
        { "a chunk longer than its size", "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" },
        { "a chunk extension with a bare line feed", "Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n" },
        { "a chunk extension with a bare return", "Transfer-Encoding: chunked\r\n\r\n0;a\rb\r\n\r\n" },
        { "a chunk ended by a line feed", "Transfer-Encoding: chunked\r\n\r\n0\n\r\n" },
        { "chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" },
        { "chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n" },
        { "lines that end in a line feed alone", "X-Nothing: a\nContent-Length: 0\n\n" },
        { "a line break by carriage return alone", "X-Nothing: a\rContent-Length: 0\r\n\r\n" },
        { "a zero byte in a header", "X-Nothing: a\0b\r\n\r\n" },
        { "a header without a name", ": nothing\r\n\r\n" },
        { "a header without a colon", "Nothing\r\n\r\n" },
    };

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "a TLS greeting", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. new byte[64]] },
        { "an HTTP/2 preface", Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") },
        { "HTTP/0.9", Encoding.ASCII.GetBytes("GET /api/v1/time\r\n\r\n") },
        { "a version of the future", Encoding.ASCII.GetBytes("GET /api/v1/time HTTP/9.9\r\nHost: x\r\n\r\n") },
        { "no host", Encoding.ASCII.GetBytes("GET /api/v1/time HTTP/1.1\r\n\r\n") },
        { "two hosts", Encoding.ASCII.GetBytes("GET /api/v1/time HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n") },
        { "a path that is not UTF-8", [.. "GET /api/v1/instruments/%C3%28"u8, .. " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8] },
        { "a path of raw bytes", [.. "GET /api/v1/instruments/"u8, 0xc3, 0x28, .. " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8] },
        { "a query that is not UTF-8", [.. "GET /api/v1/trades/BTCUSDT?limit=%C3%28"u8, .. " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8] },
        { "a request line of 100 KB", Encoding.ASCII.GetBytes($"GET /{new string('a', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n") },
        { "empty lines without end", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\r\n", 50_000))) },
        { "zeros", new byte[10_000] },
    };

    [Theory, MemberData(nameof(Shapes))]
    public async Task A_request_hidden_behind_another_is_not_carried_out(string name, string shape)
    {
        string id = name.Replace(' ', '-').Replace("'", "").Replace(',', '.');
        id = id[..Math.Min(id.Length, 36)];
        string order = $$"""{"clientOrderId":"{{id}}","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49000","qty":"0.01"}""";
        string hidden = $"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {target.Alice.Token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {order.Length}\r\n\r\n{order}";
        string first = $"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {target.Alice.Token}\r\nContent-Type: application/json\r\n{shape}";

        string answer = await target.Exchange(Encoding.Latin1.GetBytes(first + hidden));

        AssertRefused(answer);
        using ApiClient alice = target.Server.As("alice");
        Assert.Equal("404 UNKNOWN_ORDER", (await alice.Get($"/api/v1/orders/client:{id}")).Refusal);
    }

    [Theory, MemberData(nameof(Garbage))]
    public async Task What_is_no_request_is_refused_or_cut_off(string name, byte[] bytes)
    {
        Assert.NotEmpty(name);

        string answer = await target.Exchange(bytes);

        // The preface of HTTP/2 is answered by its own last words, an unknown version by 505.
        if (name != "an HTTP/2 preface" && name != "a version of the future")
            AssertRefused(answer);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await target.Server.Anonymous().Get("/health/ready")).Status);
    }

    [Fact]
    public Task Headers_that_drip_are_cut_off() => WhileAnotherTrades(() => Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
    {
        using var raw = new RawConnection(target.Server.Address);
        await raw.Write("POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        AssertRefused(await DripUntilClosed(raw));
    })));

    [Fact]
    public Task A_body_that_drips_is_cut_off() => WhileAnotherTrades(() => Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
    {
        using var raw = new RawConnection(target.Server.Address);
        await raw.Write(
            $"POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {target.Alice.Token}\r\nContent-Type: application/json\r\n"
            + "Content-Length: 60000\r\n\r\n{");
        AssertRefused(await DripUntilClosed(raw));
    })));

    [Fact]
    public Task A_body_that_stops_half_way_ends_with_its_connection() => WhileAnotherTrades(() => Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
    {
        using var client = new TcpClient(target.Server.Address.Host, target.Server.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        AssertRefused(await ToEnd(reader));
    })));

    [Fact]
    public Task Many_requests_at_once_on_a_connection_are_answered_in_their_order() => WhileAnotherTrades(async () =>
    {
        const int count = 500;
        var requests = new StringBuilder();
        for (int i = 0; i < count; i++)
            requests.Append($"GET /api/v1/trades/BTCUSDT?limit={i + 1_001} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /api/v1/time HTTP/1.1\r\nHost: localhost\r\n\r\n");
        requests.Append("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        string answers = await target.Exchange(Encoding.ASCII.GetBytes(requests.ToString()));

        string[] statuses = [.. answers.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3])];
        Assert.Equal((2 * count) + 1, statuses.Length);
        Assert.All(Enumerable.Range(0, 2 * count), i => Assert.Equal(i % 2 == 0 ? "400" : "200", statuses[i]));
    });

    [Fact]
    public Task A_client_that_takes_no_answers_is_cut_off() => WhileAnotherTrades(async () =>
    {
        using var client = new TcpClient(target.Server.Address.Host, target.Server.Address.Port) { ReceiveBufferSize = 4_096 };
        byte[] request = Encoding.ASCII.GetBytes("GET /openapi/v1.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        // Until the server has no more room for answers, and then no more patience.
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
                await client.GetStream().WriteAsync(request, patience.Token);
        });
    });

    [Fact]
    public Task Connections_that_say_nothing_keep_nobody_out() => WhileAnotherTrades(async () =>
    {
        RawConnection[] idle = [.. Enumerable.Range(0, 300).Select(_ => new RawConnection(target.Server.Address))];
        try
        {
            Assert.StartsWith("HTTP/1.1 200 ", await target.Exchange(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), StringComparison.Ordinal);
        }
        finally
        {
            foreach (RawConnection connection in idle)
                connection.Dispose();
        }
    });

    private Task WhileAnotherTrades(Func<Task> attack) => Bystander.TradesDuring(target.Server, attack);

    private static async Task<string> DripUntilClosed(RawConnection raw)
    {
        Task<string> answer = raw.ReadToEnd();
        using var drip = new PeriodicTimer(Drip);
        while (!answer.IsCompleted)
        {
            await drip.WaitForNextTickAsync();
            await raw.Write("a");
        }

        return await answer;
    }

    private static async Task<string> ToEnd(StreamReader reader)
    {
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";   // Cut off.
        }
    }

    /// <summary>A refusal that tells nothing of the inside, or no answer at all.</summary>
    private static void AssertRefused(string answer)
    {
        if (answer.Length > 0)
            Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Exchange.", answer, StringComparison.Ordinal);
    }

    /// <summary>A server that waits a second for slow clients instead of five or ten.</summary>
    public sealed class Target : IAsyncLifetime
    {
        private readonly DataFolder _folder = new();

        internal ServerProcess Server { get; private set; } = null!;

        internal DemoKey Alice => DemoKeys.Of(_folder)["alice"];

        public async Task InitializeAsync() => Server = await ServerProcess.Start(
            _folder,
            new ServerSettings
            {
                Arguments =
                [
                    "--Edge:HeaderTimeoutMs=1000", "--Edge:RateGraceMs=1001", "--Edge:KeepAliveMs=1000", "--Edge:MinTakenBytesPerSecond=10000000",
                ],
            });

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            _folder.Dispose();
        }

        /// <summary>Sends bytes as they are and reads until the server closes.</summary>
        internal async Task<string> Exchange(byte[] request)
        {
            using var raw = new RawConnection(Server.Address);
            await raw.Write(request);
            return await raw.ReadToEnd();
        }
    }
}

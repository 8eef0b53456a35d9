using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Exchange.Edge.Tests.Support;

namespace Exchange.Acceptance.BadInput;

/// <summary>A real server that a table of bad requests is sent to, and what it holds, to see that none of them changed it.</summary>
public sealed partial class BadInputServer : IAsyncLifetime
{
    private const string Resting = """{"clientOrderId":"resting","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""";

    private static readonly HashSet<string> DocumentedCodes = [.. Codes().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "errors.md")))
        .Select(row => row.Groups["code"].Value)];

    private readonly DataFolder _folder = new();
    private ulong _lastOrderId;
    private string _held = "";

    internal ServerProcess Server { get; private set; } = null!;

    internal DemoKey Alice => DemoKeys.Of(_folder)["alice"];

    internal DemoKey Bob => DemoKeys.Of(_folder)["bob"];

    internal DemoKey Admin => DemoKeys.Of(_folder)["admin"];

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.Start(_folder);
        using ApiClient alice = Server.As("alice");
        (await alice.Place(Resting)).Required(201);
        _lastOrderId = await NextOrderId();
        _held = await Held();
    }

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

    /// <summary>A request in bytes; the connection ends with it. Latin 1 carries bytes in the body.</summary>
    internal static byte[] Request(string method, string target, string? body, params string[] headers)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (string header in headers)
            text.Append(header).Append("\r\n");
        if (body is not null)
            text.Append($"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        return Encoding.Latin1.GetBytes($"{text}\r\n{body}");
    }

    internal string[] Bearer(DemoKey key) => [$"Authorization: Bearer {key.Token}"];

    /// <summary>The answer is the documented refusal, tells nothing of the inside, and nothing has changed.</summary>
    /// <param name="expected">Status and code; a status alone where HTTP itself is broken and the web server answers.</param>
    internal async Task ExpectRefusal(string expected, byte[] request)
    {
        string response = await Exchange(request);

        Assert.StartsWith($"HTTP/1.1 {expected[..3]} ", response, StringComparison.Ordinal);
        if (expected.Length > 3)
        {
            Assert.Contains($"\"code\":\"{expected[4..]}\"", response, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
            Assert.Contains("X-Request-Id: ", response, StringComparison.Ordinal);
            Assert.Contains(expected[4..], DocumentedCodes);
        }

        Assert.DoesNotContain("Exchange.", response, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, response, StringComparison.Ordinal);
        await ExpectUnchanged();
    }

    /// <summary>What the accounts hold is the same, and the next order has the next id: nothing was accepted in between.</summary>
    internal async Task ExpectUnchanged()
    {
        Assert.Equal(_held, await Held());
        ulong next = await NextOrderId();
        Assert.Equal(_lastOrderId + 1, next);
        _lastOrderId = next;
    }

    /// <summary>Exactly one order was accepted, as a test meant it to be.</summary>
    internal async Task ExpectOneOrder()
    {
        _lastOrderId++;
        await ExpectUnchanged();
    }

    /// <summary>An order that leaves nothing behind but its id: nothing is there for it to trade with.</summary>
    private async Task<ulong> NextOrderId()
    {
        using ApiClient bob = Server.As("bob");
        ApiReply reply = await bob.Place("""{"symbol":"ETHUSDT","side":"buy","type":"limit","price":"2990","qty":"0.01","timeInForce":"ioc"}""");
        return ulong.Parse(reply.Required(201)["orderId"]);
    }

    private async Task<string> Held()
    {
        using ApiClient alice = Server.As("alice");
        using ApiClient bob = Server.As("bob");
        using JsonDocument book = JsonDocument.Parse((await alice.Get("/api/v1/orderbook/BTCUSDT")).Required().Text);
        return string.Join(
            '\n', (await alice.Get("/api/v1/account")).Required().Text, (await alice.Get("/api/v1/orders")).Required().Text,
            (await bob.Get("/api/v1/account")).Required().Text, book.RootElement.GetProperty("number").GetRawText(),
            (await alice.Get("/api/v1/instruments")).Required().Text);
    }

    [GeneratedRegex(@"^\| `(?<code>[A-Z_]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Codes();
}

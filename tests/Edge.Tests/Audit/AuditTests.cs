using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Audit;

/// <summary>What administrators do, and what becomes of keys and tokens, is on record before it is answered.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    // The month of the tests' clock.
    private const string FileName = "audit-2023-11.jsonl";
    private const string Deposit = """{"accountId":"9", "transferId":"d1", "amount":"1000.25"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-audit-").FullName;
    private EdgeServer _server = null!;

    private string AuditPath => Path.Combine(_folder, FileName);

    public async Task InitializeAsync() => _server = await EdgeServer.Start(_folder);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_line_tells_who_did_what_from_where_and_what_came_of_it()
    {
        Reply done = await _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit);
        Reply refused = await _server.AsAdmin("PUT", "/api/v1/admin/instruments/NONE/state", """{"state":"halted"}""");

        string admin = $"\"keyId\":\"{_server.Admin.KeyId}\",\"accountId\":\"0\",\"address\":\"127.0.0.1\"";
        string[] lines = await File.ReadAllLinesAsync(AuditPath);
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            $$"""{"timeMs":1700000000000,"action":"Deposit","outcome":"done",{{admin}},"requestId":"{{IdOf(done)}}","target":"/api/v1/admin/deposits","request":{"accountId":"9","transferId":"d1","amount":"1000.25"},"previous":"{{new string('0', 64)}}"}""",
            lines[0]);
        Assert.Equal(
            $$"""{"timeMs":1700000000000,"action":"SetInstrumentState","outcome":"UNKNOWN_SYMBOL",{{admin}},"requestId":"{{IdOf(refused)}}","target":"/api/v1/admin/instruments/{symbol}/state","previous":"{{HashOf(lines[0])}}"}""",
            lines[1]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AuditPath));
    }

    [Fact]
    public async Task Keys_and_tokens_are_recorded_without_their_secrets()
    {
        Reply token = await _server.Signed("POST", "/api/v1/auth/tokens", """{"permissions":["read"]}""");
        Reply key = await _server.Signed("POST", "/api/v1/keys", """{"permissions":["read"],"addresses":["127.0.0.1"]}""");
        Reply revoked = await _server.Signed("DELETE", $"/api/v1/keys/{(string?)key.Json["keyId"]}");
        Reply lost = await _server.Signed("DELETE", $"/api/v1/keys/{(string?)key.Json["secret"]}");

        Assert.Equal((201, 201, 200, 404), (token.Code, key.Code, revoked.Code, lost.Code));
        string text = await File.ReadAllTextAsync(AuditPath);
        JsonNode[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["CreateToken done", "CreateKey done", "RevokeKey done", "RevokeKey UNKNOWN_KEY"], lines.Select(line => $"{line["action"]} {line["outcome"]}"));
        Assert.Equal((string?)key.Json["keyId"], (string?)lines[1]["subject"]);
        Assert.Equal((string?)key.Json["keyId"], (string?)lines[2]["subject"]);
        Assert.All(lines, line => Assert.Equal(_server.Trader.KeyId, (string?)line["keyId"]));
        foreach (string secret in (string[])[(string)token.Json["token"]!, (string)key.Json["secret"]!, _server.Trader.RevealSecret()])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trading_reading_and_those_without_the_right_leave_no_line()
    {
        await _server.AsTrader("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""");
        await _server.AsTrader("GET", "/api/v1/keys");
        await _server.AsTrader("POST", "/api/v1/admin/deposits", Deposit);
        await _server.Send("POST", "/api/v1/admin/deposits", Deposit);

        Assert.False(File.Exists(AuditPath));
    }

    /// <summary>All but features that are put: they are data, many a second, and move nothing.</summary>
    [Fact]
    public void Whatever_administrators_change_is_recorded_and_keys_and_tokens_besides() => Assert.All(
        _server.Operations.Where(operation => operation.Name != "PutFeature" && operation.IsChanging && ((operation.Needs & Permissions.Admin) != 0 || operation.NeedsSignature)),
        operation => Assert.True(operation.IsAudited, operation.Name));

    [Fact]
    public async Task A_command_whose_outcome_is_unknown_is_recorded_as_such()
    {
        _server.Exchange.Failing = new Core.Port.VenueStoppedException("stopped");

        Assert.Equal("504 OUTCOME_UNKNOWN", (await _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit)).Refusal);

        Assert.Contains("\"outcome\":\"OUTCOME_UNKNOWN\"", await File.ReadAllTextAsync(AuditPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chain_goes_on_over_restarts_months_and_a_line_that_was_cut()
    {
        await _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit);
        await _server.DisposeAsync();
        await File.AppendAllTextAsync(AuditPath, "{\"timeMs\":17000");

        _server = await EdgeServer.Start(_folder);
        await _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit);
        _server.Time.Advance(30L * 86_400_000);
        string token = await _server.Keys.CreateToken(_server.Admin, _server.Admin.Permissions, long.MaxValue);
        await _server.Send("POST", "/api/v1/admin/deposits", Deposit, token);

        string[] lines = [.. await File.ReadAllLinesAsync(AuditPath), .. await File.ReadAllLinesAsync(Path.Combine(_folder, "audit-2023-12.jsonl"))];
        Assert.Equal(4, lines.Length);
        Assert.Equal("{\"timeMs\":17000", lines[1]);
        Assert.Equal(HashOf(lines[1]), (string?)JsonNode.Parse(lines[2])!["previous"]);
        Assert.Equal(HashOf(lines[2]), (string?)JsonNode.Parse(lines[3])!["previous"]);
    }

    [Fact]
    public async Task The_time_of_the_last_line_is_known_after_a_restart()
    {
        using (var log = new AuditLog(_folder, _server.Time))
            await log.RecordHost("CreateFirstKey", "x");

        using var again = new AuditLog(_folder, _server.Time);

        Assert.Equal(ManualTime.StartMs, again.LastTimeMs);
    }

    [SkippableFact]
    public async Task What_cannot_be_recorded_is_not_answered_and_nothing_like_it_is_done_any_more()
    {
        Skip.IfNot(File.Exists("/dev/full"), "There is no file here that is always full.");
        File.CreateSymbolicLink(AuditPath, "/dev/full");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit));

        Assert.Equal(1, _server.Exchange.SubmittedCount);
        Assert.Equal("503 AUDIT_UNAVAILABLE", (await _server.AsAdmin("POST", "/api/v1/admin/deposits", Deposit)).Refusal);
        Assert.Equal("503 AUDIT_UNAVAILABLE", (await _server.Signed("POST", "/api/v1/keys", """{"permissions":["read"]}""")).Refusal);
        Assert.Equal(1, _server.Exchange.SubmittedCount);
        Assert.Equal(201, (await _server.AsTrader("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""")).Code);
    }

    private static string IdOf(Reply reply) => reply.Headers.GetValues("X-Request-Id").Single();

    private static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}

using System.Security.Cryptography;
using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.BadInput;

/// <summary>What an honest-looking client may try: to learn of others (S19), to take out more than is his (S20), to find a way in (S22).</summary>
public sealed class AbuseTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.Start(_folder);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_anothers_is_answered_as_what_is_not_there()
    {
        using ApiClient alice = _server.As("alice"), bob = _server.As("bob");
        string order = (await bob.Place(
            """{"clientOrderId":"bobs","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""")).Required(201)["orderId"];

        foreach ((string method, string his, string none, string? body) in ((string, string, string, string?)[])
        [
            ("GET", $"orders/{order}", "orders/999999", null),
            ("DELETE", $"orders/{order}", "orders/999999", null),
            ("PATCH", $"orders/{order}", "orders/999999", """{"price":"49800"}"""),
            ("GET", "orders/client:bobs", "orders/client:nobodys", null),
            ("DELETE", "orders/client:bobs", "orders/client:nobodys", null),
        ])
            Assert.Equal(Said(await alice.Send(method, "/api/v1/" + none, body)), Said(await alice.Send(method, "/api/v1/" + his, body)));

        DemoKey owner = DemoKeys.Of(_folder)["alice"], other = DemoKeys.Of(_folder)["bob"];
        Assert.Equal(
            Said(await Signed.Send(_server.Address, owner.Key, owner.Secret, "DELETE", $"/api/v1/keys/{new string('0', other.Key.Length)}", "")),
            Said(await Signed.Send(_server.Address, owner.Key, owner.Secret, "DELETE", $"/api/v1/keys/{other.Key}", "")));
        Assert.Equal("new", (await bob.Get($"/api/v1/orders/{order}")).Required()["status"]);
    }

    [Fact]
    public async Task Withdrawals_at_once_take_out_what_there_is_and_no_more()
    {
        using ApiClient admin = _server.As("admin"), alice = _server.As("alice");

        ApiReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Withdraw(admin, i, "30000")));

        Assert.Equal(3, replies.Count(reply => reply.IsSuccess));
        Assert.All(replies.Where(reply => !reply.IsSuccess), reply => Assert.Equal("422 INSUFFICIENT_BALANCE", reply.Refusal));
        Assert.Equal("10000", (await alice.Get("/api/v1/account")).Required()["walletBalance"]);
    }

    [Fact]
    public async Task Neither_an_open_profit_nor_what_covers_an_open_loss_can_be_withdrawn()
    {
        using ApiClient admin = _server.As("admin"), alice = _server.As("alice"), bob = _server.As("bob");
        (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"limit","price":"50000","qty":"1"}""")).Required(201);
        (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"1"}""")).Required(201);
        JsonElement winner = (await alice.Get("/api/v1/account")).Required().Json, loser = (await bob.Get("/api/v1/account")).Required().Json;

        foreach ((int account, JsonElement held) in ((int, JsonElement)[])[(1, winner), (2, loser)])
        {
            decimal wallet = Money(held, "walletBalance"), equity = Money(held, "equity"), withdrawable = Money(held, "withdrawable");
            Assert.True(withdrawable < Math.Min(wallet, equity));
            ApiReply more = await Withdraw(admin, account, Text(withdrawable + 0.00000001m), account);
            Assert.Equal("422 INSUFFICIENT_BALANCE", more.Refusal);
            (await Withdraw(admin, 10 + account, Text(withdrawable), account)).Required();
        }
    }

    [Fact]
    public async Task There_is_no_way_in_that_nobody_set_up()
    {
        using var folder = new DataFolder();
        (int exitCode, string output) = await ServerProcess.Refuse(folder, new ServerSettings { Environment = "Production" });
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Set Keys:MasterKey", output, StringComparison.Ordinal);

        await using ServerProcess server = await ServerProcess.Start(
            folder, new ServerSettings { Environment = "Production", Arguments = ["--Keys:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))] });
        using ApiClient anonymous = server.Anonymous();

        foreach (string target in (string[])["/debug", "/debug/pprof", "/actuator", "/admin", "/swagger", "/env", "/.env", "/.git/config", "/api/v1/admin", "/trace", "/dump"])
            Assert.Equal(404, (await anonymous.Get(target)).Status);
        foreach (string token in (string[])["admin", "alice", "demo", "xt_" + new string('0', 64)])
        {
            using var guess = new ApiClient(server.Address, token);
            Assert.Equal("401 BAD_TOKEN", (await guess.Get("/api/v1/account")).Refusal);
        }
    }

    /// <summary>A problem document without what is different in each.</summary>
    private static string Said(ApiReply refusal)
    {
        Assert.Equal(404, refusal.Status);
        return string.Join('\n', refusal.Json.EnumerateObject().Where(field => field.Name != "requestId").Select(field => field.ToString()));
    }

    private static Task<ApiReply> Withdraw(ApiClient admin, int id, string amount, int account = 1) =>
        admin.Post("/api/v1/admin/withdrawals", $$"""{"accountId":"{{account}}","transferId":"w-{{id}}","amount":"{{amount}}"}""");

    private static decimal Money(JsonElement of, string field) =>
        decimal.Parse(of.GetProperty(field).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Authentication;

public sealed class RightsTests : IAsyncLifetime
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, "401 CREDENTIALS_MISSING")]
    [InlineData("Basic dXNlcjpwYXNz", "401 CREDENTIALS_MISSING")]
    [InlineData("Bearer ", "401 CREDENTIALS_MISSING")]
    [InlineData("Bearer xt_0000000000000000000000000000000000000000000000000000000000000000", "401 BAD_TOKEN")]
    public async Task Without_valid_credentials_nothing_is_done(string? authorization, string expected)
    {
        HttpRequestMessage request = EdgeServer.Request("POST", "/api/v1/orders", System.Text.Encoding.UTF8.GetBytes(Order), null);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        Reply reply = await _server.Send(request);

        Assert.Contains(reply.Refusal, new[] { expected, "401 BAD_TOKEN" });
        Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_key_that_may_only_read_cannot_trade()
    {
        Assert.Equal(200, (await _server.Send("GET", "/api/v1/orders", null, _server.ReaderToken)).Code);

        Reply reply = await _server.Send("POST", "/api/v1/orders", Order, _server.ReaderToken);

        Assert.Equal("403 PERMISSION_MISSING", reply.Refusal);
        Assert.Equal("trade", (string?)reply.Json["limit"]);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_signature_and_a_token_together_are_refused()
    {
        HttpRequestMessage request = EdgeServer.Request("GET", "/api/v1/orders", null, _server.TraderToken);
        new Signing().Sign(request, "/api/v1/orders", [], _server.Trader, _server.Time.NowMs);

        Assert.Equal("400 CREDENTIALS_AMBIGUOUS", (await _server.Send(request)).Refusal);
    }

    [Fact]
    public async Task A_kept_token_ends_at_its_time()
    {
        _server.Time.Advance(86_399_999);
        Assert.Equal(200, (await _server.AsTrader("GET", "/api/v1/orders")).Code);
        _server.Time.Advance(1);
        Assert.Equal("401 BAD_TOKEN", (await _server.AsTrader("GET", "/api/v1/orders")).Refusal);
    }

    [Fact]
    public async Task An_order_of_another_account_is_as_unknown_as_none()
    {
        _server.Exchange.Add(TestOrders.Resting(5) with { Account = 8 });

        Reply others = await _server.AsTrader("GET", "/api/v1/orders/5");
        Reply nobodys = await _server.AsTrader("GET", "/api/v1/orders/6");

        Assert.Equal("404 UNKNOWN_ORDER", others.Refusal);
        Assert.Equal(others.Refusal, nobodys.Refusal);
    }

    [Fact]
    public async Task Keys_and_kept_tokens_survive_a_restart_and_the_file_gives_no_secret_away()
    {
        string folder = Directory.CreateTempSubdirectory("edge-keys-").FullName;
        try
        {
            string token;
            ApiKey key;
            await using (EdgeServer first = await EdgeServer.Start(folder))
                (token, key) = (first.TraderToken, first.Trader);

            await using EdgeServer second = await EdgeServer.Start(folder);

            Assert.Equal(200, (await second.Send("GET", "/api/v1/orders", null, token)).Code);
            Assert.Equal(201, (await second.Signed("POST", "/api/v1/orders", Order, key)).Code);
            string file = await File.ReadAllTextAsync(Path.Combine(folder, FileKeyStore.FileName));
            Assert.DoesNotContain(key.RevealSecret(), file, StringComparison.Ordinal);
            Assert.DoesNotContain(token, file, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, FileKeyStore.FileName)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Another_master_key_does_not_open_the_file()
    {
        string folder = Directory.CreateTempSubdirectory("edge-keys-").FullName;
        try
        {
            var options = new KeyStoreOptions { Folder = folder, MasterKey = Convert.ToBase64String(new byte[32]) };
            using (var store = new FileKeyStore(options, isDevelopment: false, TimeProvider.System))
                await store.Create(7, Permissions.Read);

            options.MasterKey = Convert.ToBase64String([.. new byte[31], 1]);
            var fault = Assert.Throws<InvalidOperationException>(() => new FileKeyStore(options, isDevelopment: false, TimeProvider.System));
            Assert.Contains("another Keys:MasterKey", fault.Message, StringComparison.Ordinal);

            options.MasterKey = null;
            fault = Assert.Throws<InvalidOperationException>(() => new FileKeyStore(options, isDevelopment: false, TimeProvider.System));
            Assert.Contains("Set Keys:MasterKey", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

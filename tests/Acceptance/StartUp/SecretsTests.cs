using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Exchange.Edge.Tests.Support;

namespace Exchange.Acceptance.StartUp;

/// <summary>Keys are told once, to their owner, and nowhere else.</summary>
public sealed class SecretsTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo_keys_are_printed_once_and_kept_for_their_owner_only()
    {
        await using (ServerProcess first = await ServerProcess.Start(_folder))
        {
            Assert.All(DemoKeys.Of(_folder).Values, key => Assert.Contains(key.Token, first.Output, StringComparison.Ordinal));
            await first.Stop();
        }

        foreach (string file in (string[])[DemoKeys.FileName, "keys.json", "master.key"])
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(_folder.File(file)));

        await using ServerProcess second = await ServerProcess.Start(_folder);
        Assert.DoesNotContain("First start", second.Output, StringComparison.Ordinal);
        await Provoke(second);
        await second.Stop();
        foreach (DemoKey key in DemoKeys.Of(_folder).Values)
            foreach (string secret in (string[])[key.Secret, key.Token, key.Key])
                Assert.DoesNotContain(secret, second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("xt_", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_most_talkative_log_and_the_audit_log_have_no_secret_token_or_signature()
    {
        await using (ServerProcess first = await ServerProcess.Start(_folder))
            await first.Stop();
        DemoKey alice = DemoKeys.Of(_folder)["alice"];
        await using ServerProcess server = await ServerProcess.Start(
            _folder, new ServerSettings { Arguments = ["--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace"] });

        ApiReply key = (await Signed.Send(server.Address, alice.Key, alice.Secret, "POST", "/api/v1/keys", """{"permissions":["read"]}""")).Required(201);
        ApiReply token = (await Signed.Send(server.Address, key["keyId"], key["secret"], "POST", "/api/v1/auth/tokens", "{}")).Required(201);
        using (var client = new ApiClient(server.Address, token["token"]))
            (await client.Get("/api/v1/keys")).Required();
        using (StreamClient stream = await StreamClient.Connect(server.Address))
            await stream.LogOn(token["token"]);
        string signature = Signed.Signature(alice.Secret, "1", "GET", "/api/v1/keys", "");
        using (var raw = new RawConnection(server.Address))
        {
            await raw.Write($"GET /api/v1/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Key: {alice.Key}\r\nX-Timestamp: 1\r\nX-Signature: {signature}\r\n\r\n");
            Assert.Contains("STALE_TIMESTAMP", await raw.ReadToEnd(), StringComparison.Ordinal);
        }

        await server.Stop();
        string audit = string.Concat(Directory.GetFiles(_folder.Path, "audit-*.jsonl").Select(File.ReadAllText));
        Assert.Contains("/api/v1/keys", server.Output, StringComparison.Ordinal);   // It does log requests.
        Assert.Contains("\"CreateKey\"", audit, StringComparison.Ordinal);
        foreach (string secret in (string[])[alice.Secret, alice.Token, key["secret"], token["token"], signature])
        {
            Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, audit, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_and_tokens_on_disk_are_of_no_use_to_who_reads_them()
    {
        await using (ServerProcess server = await ServerProcess.Start(_folder))
            await server.Kill();

        string demo = _folder.File(DemoKeys.FileName);
        foreach (string file in Directory.GetFiles(_folder.Path).Where(file => file != demo))
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach (DemoKey key in DemoKeys.Of(_folder).Values)
                foreach (string secret in (string[])[key.Secret, key.Token])
                    Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(secret)) < 0, $"{file} holds a secret of {key.Name}");
        }
    }

    [Fact]
    public async Task Production_makes_no_demo_keys_accounts_or_symbols()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, Production());

        Assert.Contains("--AdminKeyFile FILE", server.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File(DemoKeys.FileName)));
        Assert.False(File.Exists(_folder.File("master.key")));
        Assert.DoesNotContain("First start", server.Output, StringComparison.Ordinal);
        using ApiClient http = server.Anonymous();
        Assert.Equal(0, (await http.Get("/api/v1/instruments")).Json.GetProperty("instruments").GetArrayLength());
    }

    [Fact]
    public async Task Production_writes_the_first_administrators_key_once_into_a_file_for_its_owner()
    {
        string file = _folder.File("admin.json");
        ServerSettings settings = Production("--AdminKeyFile", file);
        using JsonDocument admin = await FirstKey(settings, file);
        string key = admin.RootElement.GetProperty("key").GetString()!;
        string secret = admin.RootElement.GetProperty("secret").GetString()!;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        File.Delete(file);

        await using ServerProcess again = await ServerProcess.Start(_folder, settings);

        Assert.False(File.Exists(file));
        ApiReply made = await Signed.Send(again.Address, key, secret, "POST", "/api/v1/admin/accounts", """{"accountId":"1"}""");
        Assert.Equal(201, made.Status);
        Assert.DoesNotContain(secret, again.Output, StringComparison.Ordinal);
    }

    private async Task<JsonDocument> FirstKey(ServerSettings settings, string file)
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, settings);
        JsonDocument written = JsonDocument.Parse(File.ReadAllText(file));
        Assert.DoesNotContain(written.RootElement.GetProperty("secret").GetString()!, server.Output, StringComparison.Ordinal);
        await server.Stop();
        return written;
    }

    private static ServerSettings Production(params string[] arguments) => new()
    {
        Environment = "Production",
        Arguments = arguments,
        Variables = new Dictionary<string, string?> { ["Keys__MasterKey"] = Convert.ToBase64String(new byte[32]) },
    };

    /// <summary>Requests good and bad that a careless server might log with what they carry.</summary>
    private static async Task Provoke(ServerProcess server)
    {
        DemoKey admin = DemoKeys.Of(server.Folder)["admin"];
        (await Signed.Send(server.Address, admin.Key, admin.Secret, "POST", "/api/v1/auth/tokens", "{}")).Required(201);
        Assert.Equal("401 BAD_SIGNATURE", (await Signed.Send(server.Address, admin.Key, "wrong", "POST", "/api/v1/auth/tokens", "{}")).Refusal);
        using ApiClient client = server.As("admin");
        (await client.Post("/api/v1/admin/accounts/1/keys", """{"permissions":["read"]}""")).Required(201);
        using ApiClient alice = server.As("alice");
        Assert.Equal("400 MALFORMED_JSON", (await alice.Place(admin.Secret)).Refusal);
        Assert.Equal("404 NOT_FOUND", (await client.Get($"/{admin.Token}")).Refusal);
        Assert.Equal("400 UNKNOWN_PARAMETER", (await alice.Get($"/api/v1/orders?{admin.Token}=1")).Refusal);
    }
}

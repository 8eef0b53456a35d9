using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

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
        var variables = new Dictionary<string, string?> { ["Keys__MasterKey"] = Convert.ToBase64String(new byte[32]) };
        await using ServerProcess server = await ServerProcess.Start(
            _folder, new ServerSettings { Environment = "Production", Variables = variables });

        Assert.False(File.Exists(_folder.File(DemoKeys.FileName)));
        Assert.False(File.Exists(_folder.File("master.key")));
        Assert.DoesNotContain("First start", server.Output, StringComparison.Ordinal);
        using ApiClient http = server.Anonymous();
        Assert.Equal(0, (await http.Get("/api/v1/instruments")).Json.GetProperty("instruments").GetArrayLength());
    }

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

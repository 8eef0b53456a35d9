using System.Text.Json;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Backups;

/// <summary>The drill of docs/operations.md: back up a running server, restore elsewhere, start there.</summary>
public sealed class BackupDrillTests : IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly DataFolder _backups = new();
    private readonly DataFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _backups.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_running_servers_backup_starts_elsewhere_with_the_orders_money_and_keys_it_had_then()
    {
        string backup = _backups.File("today");
        string then;
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            using ApiClient alice = server.As("alice");
            using ApiClient bob = server.As("bob");
            (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""")).Required(201);
            (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.004"}""")).Required(201);
            then = await Seen(alice);
            string taken = await Run("backup", _folder.Path, backup, "--json");
            Assert.True(JsonDocument.Parse(taken).RootElement.GetProperty("sequence").GetUInt64() > 8);
            (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.004"}""")).Required(201);
            Assert.NotEqual(then, await Seen(alice));
            await server.Kill();
        }

        await Run("verify", backup);
        await Run("restore", backup, _elsewhere.Path);
        await using ServerProcess restored = await ServerProcess.Start(_elsewhere);
        using ApiClient again = restored.As("alice");
        Assert.Equal(then, await Seen(again));
        (await again.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49800","qty":"0.01"}""")).Required(201);
    }

    private static async Task<string> Seen(ApiClient client)
    {
        List<string> seen = [];
        foreach (string target in (string[])["account", "orders", "fills", "trades/BTCUSDT"])
            seen.Add((await client.Get($"/api/v1/{target}")).Required().Text);
        return string.Join('\n', seen);
    }

    private async Task<string> Run(params string[] arguments)
    {
        await using ChildProcess command = CommandLine.Start(_backups, arguments);
        int code = await command.WaitForExit();
        Assert.True(code == 0, command.Output);
        return command.Output;
    }
}

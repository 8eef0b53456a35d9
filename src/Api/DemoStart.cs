using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Authentication;

namespace Exchange.Api;

/// <summary>The first start in Development: two symbols, two funded accounts, an admin key; told once and kept in a file.</summary>
internal static class DemoStart
{
    public const string KeysFile = "demo-keys.json";
    private const long FundsE8 = 100_000 * Rounding.OneE8;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task Run(IExchange exchange, IKeyStore keys, string folder, string url, TextWriter console, DateTimeOffset now)
    {
        foreach (Instrument instrument in DemoInstruments.All())
            Require(await exchange.List(instrument, CancellationToken.None));

        string[] names = ["alice", "bob"];
        var accounts = new List<DemoKey>();
        for (uint account = 1; account <= names.Length; account++)
        {
            Require(await exchange.Submit(new Command { Kind = CommandKind.CreateAccount, Account = account }, CancellationToken.None));
            var deposit = new Command
            {
                Kind = CommandKind.Deposit,
                Account = account,
                Amount = FundsE8,
                Key = ClientKey.From("demo-start"u8),
            };
            Require(await exchange.Submit(in deposit, CancellationToken.None));
            accounts.Add(Create(keys, names[account - 1], account, Permissions.Read | Permissions.Trade, now));
        }

        DemoKey admin = Create(keys, "admin", 0, Permissions.Read | Permissions.Trade | Permissions.Admin, now);
        OwnerOnlyFile.Write(Path.Combine(folder, KeysFile), JsonSerializer.Serialize(new DemoKeys(admin, accounts), Json));
        Tell(console, url, admin, accounts);
    }

    private static DemoKey Create(IKeyStore keys, string name, uint account, Permissions permissions, DateTimeOffset now)
    {
        ApiKey key = keys.Create(account, permissions);
        string token = keys.CreateToken(key, permissions, now.AddYears(10).ToUnixTimeMilliseconds());
        return new DemoKey(name, key.KeyId, key.RevealSecret(), token);
    }

    private static void Tell(TextWriter console, string url, DemoKey admin, List<DemoKey> accounts)
    {
        console.WriteLine($"First start: BTCUSDT and ETHUSDT are listed, two accounts have 100000 USDT each. Kept in {KeysFile}:");
        foreach (DemoKey key in accounts.Prepend(admin))
            console.WriteLine($"  {key.Name,-6} key {key.Key}  secret {key.Secret}  token {key.Token}");
        console.WriteLine("Place a first order:");
        console.WriteLine($"  curl -s {url}/api/v1/orders -H 'Authorization: Bearer {accounts[0].Token}' -H 'Content-Type: application/json' "
            + "-d '{\"symbol\":\"BTCUSDT\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"49900\",\"qty\":\"0.01\"}'");
    }

    private static void Require(CommandReply reply)
    {
        if (reply.Reason != RejectReason.None)
            throw new InvalidOperationException($"The demo start was refused: {reply.Reason}.");
    }

    private sealed record DemoKeys(DemoKey Admin, List<DemoKey> Accounts);

    private sealed record DemoKey(string Name, string Key, string Secret, string Token);
}

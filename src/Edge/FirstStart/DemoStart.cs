using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;

namespace Exchange.Edge.FirstStart;

/// <summary>The first start in Development: two symbols, two funded accounts, an admin key; told once and kept in a file.</summary>
/// <remarks>
/// A start that was killed half-way is carried on by the next: a marker lies in the folder from before the first step until after
/// the last, and the venue answers a step that was done already as done.
/// </remarks>
/// <param name="folder">Of marker and keys.</param>
public sealed class DemoStart(IExchange exchange, IKeyStore keys, IAuditLog audit, string folder)
{
    public const string KeysFile = "demo-keys.json";
    private const string MarkerFile = "demo-start.unfinished";
    private const long FundsE8 = 100_000 * Rounding.OneE8;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Does it in a folder that has never been used, or where it was not finished; elsewhere nothing.</summary>
    public async Task RunIfNew(string url, TextWriter console, DateTimeOffset now)
    {
        string marker = Path.Combine(folder, MarkerFile);
        bool isNew = keys.IsEmpty && exchange.Instruments.Count == 0;
        if (!isNew && !File.Exists(marker))
            return;
        OwnerOnlyFile.Write(marker, "");
        await Run(url, console, now);
        File.Delete(marker);
    }

    private async Task Run(string url, TextWriter console, DateTimeOffset now)
    {
        foreach (Instrument instrument in DemoInstruments.All())
            Require(await exchange.List(instrument, CancellationToken.None), RejectReason.SymbolExists);

        string[] names = ["alice", "bob"];
        var accounts = new List<DemoKey>();
        for (uint account = 1; account <= names.Length; account++)
        {
            var create = new Command { Kind = CommandKind.CreateAccount, Account = account };
            Require(await exchange.Submit(in create, CancellationToken.None), RejectReason.AccountExists);
            var deposit = new Command
            {
                Kind = CommandKind.Deposit,
                Account = account,
                Amount = FundsE8,
                Key = ClientKey.From("demo-start"u8),
            };
            Require(await exchange.Submit(in deposit, CancellationToken.None), RejectReason.None);
            accounts.Add(await Create(names[account - 1], account, Permissions.Read | Permissions.Trade, now));
        }

        DemoKey admin = await Create("admin", 0, Permissions.Read | Permissions.Trade | Permissions.Admin, now);
        OwnerOnlyFile.Write(Path.Combine(folder, KeysFile), JsonSerializer.Serialize(new DemoKeys(admin, accounts), Json));
        Tell(console, url, admin, accounts);
    }

    private async Task<DemoKey> Create(string name, uint account, Permissions permissions, DateTimeOffset now)
    {
        ApiKey key = await keys.Create(account, permissions);
        await audit.RecordHost("CreateDemoKey", key.KeyId);
        string token = await keys.CreateToken(key, permissions, now.AddYears(10).ToUnixTimeMilliseconds());
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

    /// <param name="done">How the venue answers when an unfinished start had done it.</param>
    private static void Require(CommandReply reply, RejectReason done)
    {
        if (reply.Reason != RejectReason.None && reply.Reason != done)
            throw new InvalidOperationException($"The demo start was refused: {reply.Reason}.");
    }

    private sealed record DemoKeys(DemoKey Admin, List<DemoKey> Accounts);

    private sealed record DemoKey(string Name, string Key, string Secret, string Token);
}

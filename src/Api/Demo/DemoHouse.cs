using System.Text;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;

namespace Exchange.Api.Demo;

/// <summary>The house's own accounts: makers, takers, and gamblers with little money and the highest leverage.</summary>
internal static class DemoHouse
{
    public const long GamblerStakeE8 = 400 * Rounding.OneE8;
    private const long FundSeedE8 = 1_000_000 * Rounding.OneE8;
    public const long FundsE8 = 10_000_000 * Rounding.OneE8;

    public static ReadOnlySpan<uint> Makers => [901, 902];

    public static ReadOnlySpan<uint> Takers => [911, 912, 913];

    public static ReadOnlySpan<uint> Gamblers => [921, 922, 923, 924, 925, 926, 927, 928];

    public static uint[] All => [.. Makers, .. Takers, .. Gamblers];

    public static bool IsGambler(uint account) => Gamblers.Contains(account);

    /// <summary>Makes what is not there yet; what an unfinished start did is done.</summary>
    public static async Task Open(IExchange exchange, IReadOnlyList<Instrument> instruments, CancellationToken cancellation)
    {
        foreach (uint account in All)
        {
            CommandReply created = await exchange.Submit(new Command { Kind = CommandKind.CreateAccount, Account = account }, cancellation);
            Require(created, RejectReason.AccountExists);
            if (account == Makers[0] && created.Reason == RejectReason.None)
                Require(await exchange.Submit(new Command { Kind = CommandKind.SeedInsurance, Amount = FundSeedE8 }, cancellation), RejectReason.None);
            long fundsE8 = IsGambler(account) ? GamblerStakeE8 : FundsE8;
            Require(await exchange.Submit(Deposit(account, fundsE8, "demo-market"), cancellation), RejectReason.None);
            foreach (Instrument instrument in instruments.Where(_ => IsGambler(account)))
            {
                await exchange.Submit(
                    new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = instrument.SymbolId, Leverage = instrument.MaxLeverage }, cancellation);
            }
        }
    }

    /// <summary>A repeat with the same id is no second deposit.</summary>
    public static Command Deposit(uint account, long amountE8, string transferId) => new()
    {
        Kind = CommandKind.Deposit, Account = account, Amount = amountE8, Key = ClientKey.From(Encoding.ASCII.GetBytes(transferId)),
    };

    private static void Require(CommandReply reply, RejectReason done)
    {
        if (reply.Reason != RejectReason.None && reply.Reason != done)
            throw new InvalidOperationException($"The demo market's accounts were refused: {reply.Reason}.");
    }
}

using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Grains.Clients;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Silos;

namespace Exchange.Silo.Bench;

/// <summary>Symbols, funded accounts, and the way to them through the silos' edges.</summary>
internal sealed class BenchVenue(IReadOnlyList<IServiceProvider> silos, BenchPlan plan)
{
    /// <summary>What each account is given, 1e-8 USDT.</summary>
    internal const long FundsE8 = 10_000_000 * Rounding.OneE8;
    private readonly ExchangeClients[] _clients = [.. silos.Select(services => services.GetRequiredService<ExchangeClients>())];

    public IGrainFactory Grains { get; } = silos[0].GetRequiredService<IGrainFactory>();

    public TimeProvider Time { get; } = silos[0].GetRequiredService<TimeProvider>();

    /// <summary>Lists the symbols and funds the accounts, where they are not there yet.</summary>
    public async Task Prepare()
    {
        IOperatorGrain desk = Grains.GetGrain<IOperatorGrain>(0);
        for (int symbol = 0; symbol < plan.Symbols; symbol++)
        {
            var listed = new InstrumentMessage(0, BenchInstruments.Create(symbol), TradingState.Trading);
            RejectReason reason = await desk.List(new NodeBatch([new NodeEnvelope(NodeId.Operator, NodeId.Operator, listed)]));
            if (reason is not (RejectReason.None or RejectReason.SymbolExists))
                throw new InvalidOperationException($"Symbol {symbol}: {reason}.");
        }

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        foreach (IServiceProvider silo in silos)
        {
            while (!HasMarks(silo.GetRequiredService<SiloBoard>().Current))
                await poll.WaitForNextTickAsync();
        }

        await ForAll(plan.Accounts, 500, Fund);
    }

    public Task<CommandReply> Submit(in Command command) => ClientsOf(command.Account).Submit(in command);

    /// <summary>An edge, mostly not the silo where the account lives.</summary>
    public ExchangeClients ClientsOf(uint account) => _clients[(int)(account / (uint)_clients.Length % (uint)_clients.Length)];

    public static async Task ForAll(uint accounts, int atOnce, Func<uint, Task> work)
    {
        uint last = 0;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            for (uint account; (account = Interlocked.Increment(ref last)) <= accounts;)
                await work(account);
        })));
    }

    private bool HasMarks(MarketTable market) =>
        market.Count >= plan.Symbols && Enumerable.Range(0, plan.Symbols).All(symbol => market[symbol].MarkTicks != 0);

    private async Task Fund(uint account)
    {
        await Submit(new Command { Kind = CommandKind.CreateAccount, Account = account });
        var deposit = new Command { Kind = CommandKind.Deposit, Account = account, Amount = FundsE8, Key = ClientKey.From("bench"u8) };
        CommandReply answer = await Submit(in deposit);
        if (answer.Reason is not RejectReason.None)
            throw new InvalidOperationException($"Account {account}: {answer.Reason}.");
    }
}

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

/// <summary>Orders through a silo's grains, each acknowledged once it is durable: accounts send batches, each the next when all of the last are answered.</summary>
internal sealed class ClusterBench(IServiceProvider services, BenchPlan plan)
{
    /// <summary>What each account is given, 1e-8 USDT.</summary>
    internal const long FundsE8 = 10_000_000 * Rounding.OneE8;
    private readonly ExchangeClients _clients = services.GetRequiredService<ExchangeClients>();
    private readonly IGrainFactory _grains = services.GetRequiredService<IGrainFactory>();
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private long _ids = services.GetRequiredService<TimeProvider>().GetUtcNow().Ticks;

    /// <summary>Lists the symbols and funds the accounts, where they are not there yet.</summary>
    public async Task Prepare()
    {
        IOperatorGrain desk = _grains.GetGrain<IOperatorGrain>(0);
        for (int symbol = 0; symbol < plan.Symbols; symbol++)
        {
            var listed = new InstrumentMessage(0, BenchInstruments.Create(symbol), TradingState.Trading);
            RejectReason reason = await desk.List(new NodeBatch([new NodeEnvelope(NodeId.Operator, NodeId.Operator, listed)]));
            if (reason is not (RejectReason.None or RejectReason.SymbolExists))
                throw new InvalidOperationException($"Symbol {symbol}: {reason}.");
        }

        SiloBoard board = services.GetRequiredService<SiloBoard>();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (board.Current.Count < plan.Symbols || !HasMarks(board.Current))
            await poll.WaitForNextTickAsync();
        for (uint from = 1; from <= plan.Accounts; from += 500)
        {
            uint end = Math.Min(from + 500, plan.Accounts + 1);
            await Task.WhenAll(Enumerable.Range((int)from, (int)(end - from)).Select(account => Fund((uint)account)));
        }
    }

    /// <summary>Batches of a size from as many accounts at once, for a while.</summary>
    public async Task<BenchResult> Run(int ordersPerCall, int callsAtOnce, TimeSpan time)
    {
        var result = new BenchResult();
        long until = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        long began = _time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callsAtOnce).Select(lane => Task.Run(() => RunLane(lane, callsAtOnce, ordersPerCall, until, result))));
        result.Seconds = _time.GetElapsedTime(began).TotalSeconds;
        return result;
    }

    private async Task RunLane(int lane, int lanes, int ordersPerCall, long until, BenchResult result)
    {
        var random = new Random(lane);
        var answers = new Task<CommandReply>[ordersPerCall];
        uint account = (uint)lane + 1;
        while (_time.GetTimestamp() < until)
        {
            int symbol = random.Next(plan.Symbols);
            long began = _time.GetTimestamp();
            for (int i = 0; i < ordersPerCall; i++)
            {
                Command order = Order(account, symbol, random);
                answers[i] = _clients.Submit(in order);
            }

            int refused = 0;
            foreach (CommandReply answer in await Task.WhenAll(answers))
                refused += answer.Reason == RejectReason.None ? 0 : 1;
            result.Add(ordersPerCall, refused, _time.GetElapsedTime(began));
            account = (uint)((account - 1 + lanes) % plan.Accounts) + 1;
        }
    }

    /// <summary>Immediate-or-cancel at the mark, half of each side: they trade with each other, and no account's open orders pile up.</summary>
    private Command Order(uint account, int symbol, Random random) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Symbol = symbol,
        Terms = new OrderTerms
        {
            Symbol = symbol, Side = random.Next(2) == 0 ? Side.Buy : Side.Sell, Type = OrderType.Limit, TimeInForce = TimeInForce.Ioc,
            Lots = random.Next(1, 10), PriceTicks = BenchInstruments.MarkTicks + random.Next(-5, 6),
            ClientKey = new ClientKey(account, (ulong)Interlocked.Increment(ref _ids)), Flags = OrderFlags.ReturnRepeats,
            Fields = OrderFields.Lots | OrderFields.Price,
        },
    };

    private bool HasMarks(MarketTable market) => Enumerable.Range(0, plan.Symbols).All(symbol => market[symbol].MarkTicks != 0);

    private async Task Fund(uint account)
    {
        await _clients.Submit(new Command { Kind = CommandKind.CreateAccount, Account = account });
        var deposit = new Command { Kind = CommandKind.Deposit, Account = account, Amount = FundsE8, Key = ClientKey.From("bench"u8) };
        CommandReply answer = await _clients.Submit(in deposit);
        if (answer.Reason is not RejectReason.None)
            throw new InvalidOperationException($"Account {account}: {answer.Reason}.");
    }
}

/// <summary>How much of everything.</summary>
internal sealed record BenchPlan(int Symbols, uint Accounts);

/// <summary>What came of a run; any thread adds.</summary>
internal sealed class BenchResult
{
    private readonly Lock _lock = new();
    private readonly List<double> _ms = [];

    public double Seconds { get; set; }

    public long Orders { get; private set; }

    public long Refused { get; private set; }

    public double OrdersPerSecond => Orders / Seconds;

    public void Add(int orders, int refused, TimeSpan took)
    {
        lock (_lock)
        {
            Orders += orders;
            Refused += refused;
            _ms.Add(took.TotalMilliseconds);
        }
    }

    public double Percentile(double share)
    {
        lock (_lock)
        {
            _ms.Sort();
            return _ms.Count == 0 ? 0 : _ms[Math.Min(_ms.Count - 1, (int)(share * _ms.Count))];
        }
    }
}

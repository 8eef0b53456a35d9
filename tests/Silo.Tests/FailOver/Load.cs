using System.Collections.Concurrent;
using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;
using Exchange.Storage.Postgres.Verification;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Accounts that each give one command after the other - orders, now and then a transfer - and remember what they were told.</summary>
internal sealed class Load
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>A book remembers an account's last 1,024 client ids: a long run must not go beyond.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private readonly TestCluster _cluster;
    private readonly int _symbols;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private readonly ConcurrentBag<(Command Command, ulong OrderId)> _acknowledged = [];
    private readonly ConcurrentDictionary<RejectReason, int> _refused = [];
    private long _depositedE8;
    private long _withdrawnE8;
    private long _longestTicks;
    private int _answered;

    public Load(TestCluster cluster, BenchPlan plan)
    {
        _cluster = cluster;
        _symbols = plan.Symbols;
        _depositedE8 = plan.Accounts * BenchVenue.FundsE8;
        Accounts = (int)plan.Accounts;
        _clients = [.. Enumerable.Range(1, Accounts).Select(account => Task.Run(() => Trade((uint)account)))];
    }

    public int Accounts { get; }

    /// <summary>Orders.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Commands of all kinds, whatever the answer.</summary>
    private int Answered => Volatile.Read(ref _answered);

    /// <summary>The longest that one command took from being sent to being answered.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longestTicks));

    /// <summary>The longest since it was asked last.</summary>
    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longestTicks, 0));

    /// <summary>Every account has had orders answered that it sent after this was called.</summary>
    public async Task Progress()
    {
        int enough = Acknowledged + 50 * Accounts;
        using var poll = new PeriodicTimer(Poll);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (Acknowledged < enough)
        {
            if (Array.Find(_clients, client => client.IsCompleted) is { } ended)
                await ended;
            await poll.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Nothing is acknowledged, from when what was under way has been answered on.</summary>
    public async Task StandsStillFor(TimeSpan time)
    {
        await Condition.Settles(() => Answered);
        int before = Answered;
        using var over = new PeriodicTimer(time);
        await over.WaitForNextTickAsync();
        Assert.Equal(before, Answered);
    }

    /// <summary>Lets every command under way be answered.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(_refused);
    }

    /// <summary>Nothing acknowledged is lost or doubled, and no money is: of the durable streams, and asked of the grains again.</summary>
    public async Task NothingIsLostOrDoubled()
    {
        var orders = new AcceptedOrders();
        ClusterReport report = await _cluster.Verify(orders);
        Assert.Empty(report.Faults);
        Assert.Equal((_depositedE8, _withdrawnE8), ((long)report.Figures.DepositsE8, (long)report.Figures.WithdrawalsE8));
        Assert.Empty(orders.AcceptedTwice);
        Assert.All(_acknowledged, order => Assert.Equal(order.OrderId, orders.OrderOf(order.Command.Account, order.Command.Terms.ClientKey)));
        await EveryOrderAskedAgainIsTheSame();
    }

    private async Task EveryOrderAskedAgainIsTheSame()
    {
        foreach ((Command Command, ulong OrderId)[] some in _acknowledged.Chunk(200))
        {
            CommandReply[] again = await Task.WhenAll(some.Select(order => Ask(order.Command))).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.All(again.Zip(some), pair => Assert.Equal((RejectReason.None, pair.Second.OrderId, true), (pair.First.Reason, pair.First.Order?.OrderId, pair.First.IsRepeat)));
        }
    }

    private async Task Trade(uint account)
    {
        var random = new Random((int)account);
        using var pace = new PeriodicTimer(Pause);
        for (ulong id = 1; !_stop.IsCancellationRequested; id++)
        {
            Command command = id % 16 == 8 ? Transfer(account, id, random) : Order(account, id, random);
            long began = Stopwatch.GetTimestamp();
            CommandReply answer = await Ask(command);
            Note(Stopwatch.GetElapsedTime(began).Ticks);
            if (answer.Reason != RejectReason.None)
                _refused.AddOrUpdate(answer.Reason, 1, (_, count) => count + 1);
            else if (command.Kind == CommandKind.Place)
                _acknowledged.Add((command, answer.Order!.OrderId));
            else
                Interlocked.Add(ref command.Kind == CommandKind.Deposit ? ref _depositedE8 : ref _withdrawnE8, command.Amount);
            await pace.WaitForNextTickAsync();
        }
    }

    /// <summary>An account that comes up again may say that it is to be asked again.</summary>
    private async Task<CommandReply> Ask(Command command)
    {
        CommandReply answer;
        do
        {
            answer = await _cluster.Submit(in command);
            Interlocked.Increment(ref _answered);
        }
        while (answer.Reason == RejectReason.AccountRecovering);
        return answer;
    }

    private void Note(long took)
    {
        for (long longest = _longestTicks; took > longest && Interlocked.CompareExchange(ref _longestTicks, took, longest) != longest;)
            longest = _longestTicks;
    }

    private static Command Transfer(uint account, ulong id, Random random) => new()
    {
        Kind = id % 32 == 8 ? CommandKind.Deposit : CommandKind.Withdraw, Account = account, Amount = random.Next(1, 1_000_000_000),
        Key = new ClientKey(account, id),
    };

    /// <summary>Half of the accounts quote, the others take; what a quote leaves is gone with the next.</summary>
    private Command Order(uint account, ulong id, Random random)
    {
        int symbol = random.Next(_symbols);
        return new Command
        {
            Kind = CommandKind.Place,
            Account = account,
            Symbol = symbol,
            Terms = new OrderTerms
            {
                Symbol = symbol, Side = random.Next(2) == 0 ? Side.Buy : Side.Sell, Type = OrderType.Limit, Lots = random.Next(1, 10),
                TimeInForce = id % 16 == 0 ? TimeInForce.Gtc : TimeInForce.Ioc, PriceTicks = BenchInstruments.MarkTicks + random.Next(-5, 6),
                ClientKey = new ClientKey(account, id), Flags = OrderFlags.ReturnRepeats, Fields = OrderFields.Lots | OrderFields.Price,
            },
        };
    }
}

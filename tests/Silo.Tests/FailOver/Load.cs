using System.Collections.Concurrent;
using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Accounts that each place one order after the other, and remember what they were told.</summary>
internal sealed class Load
{
    /// <summary>A book remembers an account's last 1,024 client ids: a long run must not go beyond.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private readonly TestCluster _cluster;
    private readonly int _symbols;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private readonly ConcurrentBag<(Command Command, ulong OrderId)> _acknowledged = [];
    private readonly ConcurrentDictionary<RejectReason, int> _refused = [];
    private long _longestTicks;

    public Load(TestCluster cluster, int symbols, uint accounts)
    {
        _cluster = cluster;
        _symbols = symbols;
        _clients = [.. Enumerable.Range(1, (int)accounts).Select(account => Task.Run(() => Trade((uint)account)))];
    }

    public int Acknowledged => _acknowledged.Count;

    /// <summary>The longest that one order took from being sent to being acknowledged.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longestTicks));

    /// <summary>Lets every order under way be answered.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(_refused);
    }

    /// <summary>Every order that was acknowledged is there, once: asked again it is the same.</summary>
    public async Task EveryAcknowledgedOrderIsThereOnce()
    {
        Assert.Equal(_acknowledged.Count, _acknowledged.Select(order => order.OrderId).Distinct().Count());
        foreach ((Command Command, ulong OrderId)[] some in _acknowledged.Chunk(200))
        {
            CommandReply[] again = await Task.WhenAll(some.Select(order => _cluster.Submit(order.Command))).WaitAsync(TimeSpan.FromMinutes(2));
            Assert.All(again.Zip(some), pair => Assert.Equal((RejectReason.None, pair.Second.OrderId, true), (pair.First.Reason, pair.First.Order!.OrderId, pair.First.IsRepeat)));
        }
    }

    private async Task Trade(uint account)
    {
        var random = new Random((int)account);
        using var pace = new PeriodicTimer(Pause);
        for (ulong id = 1; !_stop.IsCancellationRequested; id++)
        {
            Command order = Order(account, id, random);
            long began = Stopwatch.GetTimestamp();
            CommandReply answer;
            do
                answer = await _cluster.Submit(in order);
            while (answer.Reason == RejectReason.AccountRecovering);
            long took = Stopwatch.GetElapsedTime(began).Ticks;
            for (long longest = _longestTicks; took > longest && Interlocked.CompareExchange(ref _longestTicks, took, longest) != longest;)
                longest = _longestTicks;
            if (answer.Reason == RejectReason.None)
                _acknowledged.Add((order, answer.Order!.OrderId));
            else
                _refused.AddOrUpdate(answer.Reason, 1, (_, count) => count + 1);
            await pace.WaitForNextTickAsync();
        }
    }

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

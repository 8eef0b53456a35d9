using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Silo.Bench;

/// <summary>Orders through silos' grains, each acknowledged once it is durable.</summary>
internal sealed class ClusterBench(BenchVenue venue, BenchPlan plan, CostMeter meter)
{
    private const int AtOnce = 64;
    private readonly IGrainFactory _grains = venue.Grains;
    private readonly TimeProvider _time = venue.Time;
    private readonly BenchFlow _flow = new(plan, venue.Time.GetUtcNow().Ticks);

    /// <summary>Every account enters its books for the first time: a write of the account and a registration each.</summary>
    /// <returns>An order a book.</returns>
    public Task<BenchResult> Enter() => Measure(result => BenchVenue.ForAll(plan.Accounts, AtOnce, account => Send(
        [.. Enumerable.Range(0, plan.SymbolsPerAccount).Select(choice => _flow.Entry(account, plan.SymbolOf(account, choice)))], result)));

    /// <summary>Orders that stay in the books, evenly among accounts and symbols.</summary>
    public Task<BenchResult> Rest(int perBook) => Measure(result => BenchVenue.ForAll(plan.Accounts, AtOnce, async account =>
    {
        var random = new Random((int)account);
        for (int choice = 0; choice < plan.SymbolsPerAccount; choice++)
            await Send([.. Enumerable.Range(0, perBook).Select(_ => _flow.Resting(account, plan.SymbolOf(account, choice), random))], result);
    }));

    /// <summary>Batches of a size from as many accounts at once, for a while; each account sends its next when all of the last are answered.</summary>
    public Task<BenchResult> Run(int ordersPerCall, int callsAtOnce, TimeSpan time)
    {
        long until = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        return Measure(result => Task.WhenAll(Enumerable.Range(0, callsAtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random(lane);
            for (uint turn = (uint)lane; _time.GetTimestamp() < until; turn += (uint)callsAtOnce)
            {
                uint account = turn % plan.Accounts + 1;
                int symbol = plan.SymbolOf(account, random.Next(plan.SymbolsPerAccount));
                await Send([.. Enumerable.Range(0, ordersPerCall).Select(_ => _flow.Order(account, symbol, random))], result);
            }
        }))));
    }

    /// <summary>Single orders at a steady rate, whether those before are answered or not; waiting for a turn counts.</summary>
    /// <param name="ordersPerSecond">The rate.</param>
    /// <param name="warmUp">What is due before is sent, and not counted: a break after it would end in a burst of all that accounts put off.</param>
    /// <param name="time">How long orders are counted.</param>
    public async Task<BenchResult> RunOpen(int ordersPerSecond, TimeSpan warmUp, TimeSpan time)
    {
        var result = new BenchResult();
        var uncounted = new BenchResult();
        var underWay = new List<Task>((int)((warmUp + time).TotalSeconds * ordersPerSecond) + 1);
        Task<BenchCosts>? before = null;
        long began = _time.GetTimestamp();
        // Its own thread: who sends is not to wait behind what he sent.
        await Task.Factory.StartNew(() =>
        {
            var random = new Random(1);
            for (long sent = 0; _time.GetElapsedTime(began) is var now && now < warmUp + time; Thread.Sleep(1))
            {
                if (now >= warmUp)
                    before ??= Task.Run(meter.Read);
                for (long due = (long)(now.TotalSeconds * ordersPerSecond); sent < due; sent++)
                {
                    uint account = (uint)random.NextInt64(plan.Accounts) + 1;
                    Command order = _flow.Order(account, plan.SymbolOf(account, random.Next(plan.SymbolsPerAccount)), random);
                    underWay.Add(Await(
                        venue.Submit(in order), began + sent * _time.TimestampFrequency / ordersPerSecond, before is null ? uncounted : result));
                }
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(underWay);
        result.Seconds = (_time.GetElapsedTime(began) - warmUp).TotalSeconds;
        result.Costs = await meter.Read() - await before!;
        return result;
    }

    /// <summary>Empty calls of the same depth, from as many accounts at once.</summary>
    public Task<BenchResult> RunChain(int callsAtOnce, TimeSpan time)
    {
        long until = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        var nothing = new NodeBatch([]);
        return Measure(result => Task.WhenAll(Enumerable.Range(0, callsAtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random(lane);
            for (uint turn = (uint)lane; _time.GetTimestamp() < until; turn += (uint)callsAtOnce)
            {
                uint account = turn % plan.Accounts + 1;
                long began = _time.GetTimestamp();
                await _grains.GetGrain<IEmptyAccountGrain>(account).Pass(nothing, plan.SymbolOf(account, random.Next(plan.SymbolsPerAccount)));
                result.Add(1, 0, _time.GetElapsedTime(began));
            }
        }))));
    }

    private async Task<BenchResult> Measure(Func<BenchResult, Task> work)
    {
        var result = new BenchResult();
        BenchCosts before = await meter.Read();
        long began = _time.GetTimestamp();
        await work(result);
        result.Seconds = _time.GetElapsedTime(began).TotalSeconds;
        result.Costs = await meter.Read() - before;
        return result;
    }

    private async Task Send(Command[] orders, BenchResult result)
    {
        long began = _time.GetTimestamp();
        int refused = 0;
        foreach (CommandReply answer in await Task.WhenAll(venue.ClientsOf(orders[0].Account).Submit(orders)))
            refused += answer.Reason == RejectReason.None ? 0 : 1;
        result.Add(orders.Length, refused, _time.GetElapsedTime(began));
    }

    private async Task Await(Task<CommandReply> answer, long due, BenchResult result) =>
        result.Add(1, (await answer).Reason == RejectReason.None ? 0 : 1, _time.GetElapsedTime(due));
}

using System.Collections.Concurrent;
using System.Globalization;
using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Grains.Markets;

namespace Exchange.Silo.Bench;

/// <summary>Trades at a steady rate, and when subscribers in silos other than the book's are told them.</summary>
/// <remarks>Each symbol has a maker whose order is never used up, and four takers; every taker's order is one trade.</remarks>
internal sealed class TradeBench
{
    private const int TakersASymbol = 4;
    private readonly BenchPlan _plan;
    private readonly BenchVenue _venue;
    private readonly BenchFlow _flow;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<StoreClock> _clocks;
    private readonly MarketMirror[] _mirrors;

    private TradeBench(BenchSilos silos, BenchPlan plan, IReadOnlyList<StoreClock> clocks)
    {
        _plan = plan;
        _venue = new BenchVenue(silos.Services, plan);
        _flow = new BenchFlow(plan, _venue.Time.GetUtcNow().Ticks);
        _time = _venue.Time;
        _clocks = clocks;
        _mirrors = [.. silos.Services.Select(services => services.GetRequiredService<MarketMirror>())];
    }

    public static async Task<int> Run(string[] args, BenchPlan plan)
    {
        var own = new BenchPlan
        {
            Symbols = plan.Symbols, Accounts = (uint)plan.Symbols * (1 + TakersASymbol), SymbolsPerAccount = 1, Seconds = plan.Seconds,
            Silos = Math.Max(2, plan.Silos), TradesPerSecond = plan.TradesPerSecond, WarmUpSeconds = plan.WarmUpSeconds,
        };
        var clocks = new List<StoreClock>();
        await using BenchSilos? silos = await BenchSilos.Start(args, own.Silos, store =>
        {
            clocks.Add(new StoreClock(store, TimeProvider.System));
            return clocks[^1];
        });
        if (silos is null)
            return ExitCodes.CannotStart;
        var bench = new TradeBench(silos, own, clocks);
        await bench.Prepare();
        await bench.Trade(own.TradesPerSecond, TimeSpan.FromSeconds(own.WarmUpSeconds));
        Console.WriteLine(await bench.Trade(own.TradesPerSecond, TimeSpan.FromSeconds(own.Seconds)));
        return 0;
    }

    private async Task Prepare()
    {
        await _venue.Prepare();
        for (int symbol = 0; symbol < _plan.Symbols; symbol++)
        {
            Command order = _flow.Supply((uint)symbol + 1, symbol);
            CommandReply answer = await _venue.Submit(in order);
            if (answer.Reason is not RejectReason.None)
                throw new InvalidOperationException($"The maker of symbol {symbol}: {answer.Reason}.");
        }

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_mirrors.All(mirror => mirror.IsComplete))
            await poll.WaitForNextTickAsync();
    }

    private async Task<string> Trade(int tradesPerSecond, TimeSpan time)
    {
        TradeListener[] listeners = [.. _mirrors.Select(_ => new TradeListener(_plan.Symbols, _time))];
        List<IDisposable> subscriptions = [.. _mirrors.Select((mirror, silo) => mirror.Subscribe(listeners[silo]))];
        var sent = new ConcurrentDictionary<(int Symbol, ulong Trade), long>();
        long began = _time.GetTimestamp();
        int trades = await Send(tradesPerSecond, time, began, sent);
        double seconds = _time.GetElapsedTime(began).TotalSeconds;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (listeners.Any(listener => listener.Count < trades))
            await poll.WaitForNextTickAsync();
        subscriptions.ForEach(subscription => subscription.Dispose());
        return Tell(listeners, sent, trades / seconds);
    }

    /// <summary>Open loop: every order leaves when it is due, whether those before are answered or not.</summary>
    private async Task<int> Send(int tradesPerSecond, TimeSpan time, long began, ConcurrentDictionary<(int Symbol, ulong Trade), long> sent)
    {
        var underWay = new List<Task>();
        int takers = _plan.Symbols * TakersASymbol;
        int orders = 0;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        do
        {
            for (int due = (int)(_time.GetElapsedTime(began).TotalSeconds * tradesPerSecond); orders < due; orders++)
            {
                int taker = orders % takers;
                int symbol = taker / TakersASymbol;
                Command order = _flow.Demand((uint)(_plan.Symbols + taker + 1), symbol);
                underWay.Add(Note(_venue.Submit(in order), symbol, _time.GetTimestamp(), sent));
            }
        }
        while (_time.GetElapsedTime(began) < time && await ticks.WaitForNextTickAsync());
        await Task.WhenAll(underWay);
        return orders;
    }

    private static async Task Note(Task<CommandReply> answer, int symbol, long at, ConcurrentDictionary<(int Symbol, ulong Trade), long> sent)
    {
        CommandReply reply = await answer;
        if (reply.Reason is not RejectReason.None || reply.Fills.Count != 1)
            throw new InvalidOperationException($"A taker of symbol {symbol}: {reply.Reason}, {reply.Fills.Count} fills.");
        sent[(symbol, reply.Fills[0].TradeId)] = at;
    }

    private string Tell(TradeListener[] listeners, ConcurrentDictionary<(int Symbol, ulong Trade), long> sent, double tradesPerSecond)
    {
        var sinceDurable = new BenchResult();
        var sinceSent = new BenchResult();
        for (int silo = 0; silo < listeners.Length; silo++)
        {
            for (int symbol = 0; symbol < _plan.Symbols; symbol++)
            {
                foreach (HeardTrade trade in listeners[silo].Trades(symbol))
                {
                    if (_clocks[silo].When((uint)symbol, trade.Record) is not null)
                        continue; // The book lives here.
                    long durable = _clocks.Select(clock => clock.When((uint)symbol, trade.Record)).First(when => when is not null)!.Value;
                    sinceDurable.Add(1, 0, _time.GetElapsedTime(durable, trade.At));
                    sinceSent.Add(1, 0, _time.GetElapsedTime(sent[(symbol, trade.Id)], trade.At));
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{_plan.Silos} silos, {_plan.Symbols} symbols, {tradesPerSecond:N0} trades/s, {sinceDurable.Orders} told in another silo than the book's, "
            + $"{listeners.Sum(listener => listener.OutOfOrder)} missing or out of order\n"
            + $"from durable to the subscriber: {Row(sinceDurable)}\nfrom the order's leaving its client to the subscriber: {Row(sinceSent)}");
    }

    private static string Row(BenchResult result) => string.Create(CultureInfo.InvariantCulture,
        $"p50 {result.Percentile(0.5):N2} ms, p90 {result.Percentile(0.9):N2}, p99 {result.Percentile(0.99):N2}, p99.9 {result.Percentile(0.999):N2}, most {result.Percentile(1):N2}");
}

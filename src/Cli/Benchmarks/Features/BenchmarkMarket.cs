using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Cli.Benchmarks.Features;

/// <summary>What readers are shown of many symbols that are traded every second.</summary>
internal sealed class BenchmarkMarket
{
    private const long BeginMs = 1_700_006_400_000;

    private readonly FeedBuffer _feed = new(4);
    private readonly Random _random;
    private readonly long[] _ticks;
    private ulong _sequence;
    private long _second;

    public BenchmarkMarket(int symbols, int seed)
    {
        _random = new Random(seed);
        _ticks = new long[symbols];
        Array.Fill(_ticks, 300_000);
        Instruments = [.. Enumerable.Range(0, symbols).Select(BenchmarkInstrument.Create)];
        foreach (Instrument instrument in Instruments)
            Views.List(instrument);
    }

    public VenueViews Views { get; } = new(new ViewLimits { TradesPerSymbol = 100 });

    public Instrument[] Instruments { get; }

    /// <summary>Every symbol is traded once in each second up to this one.</summary>
    public void MoveTo(long second)
    {
        for (; _second < second; _second++)
        {
            for (int symbol = 0; symbol < _ticks.Length; symbol++)
                Trade(symbol, BeginMs + _second * 1_000 + symbol * 1_000 / _ticks.Length);
        }
    }

    private void Trade(int symbol, long timeMs)
    {
        _feed.Clear();
        _ticks[symbol] += _random.Next(-20, 21);
        ref FeedEvent trade = ref _feed.Add();
        trade.Kind = FeedKind.Trade;
        trade.Symbol = symbol;
        trade.Sequence = ++_sequence;
        trade.TimeMs = timeMs;
        trade.Id = _sequence;
        trade.PriceTicks = _ticks[symbol];
        trade.Lots = _random.Next(1, 100);
        trade.Side = (Side)_random.Next(2);
        Views.ApplyInput(default, _sequence, _feed.Events);
    }
}

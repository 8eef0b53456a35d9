using System.Globalization;

namespace Exchange.Cli.Benchmarks.Features;

/// <summary>What <c>exchange bench features</c> measured. Times are processor time where they end in Cpu.</summary>
/// <param name="Indicators">Of the standard set, outputs in brackets.</param>
/// <param name="UpdateCpuNs">All of them, for one candle of one symbol.</param>
/// <param name="KeptUpShareOfCore">1,000 symbols × 16 intervals in real time: candles taken from the views, made features of, put into their history.</param>
/// <param name="KeptUpSeconds">Seconds of market time that this was measured over.</param>
/// <param name="HitP50Ns">A hit of the cache by name, with the time of a clock read in it.</param>
/// <param name="Keys">Of the trace.</param>
/// <param name="OverKeys">Of a Zipf(0.99) trace over all keys at once.</param>
/// <param name="OverParts">Of one over symbols, over kinds and over intervals, each for itself.</param>
/// <param name="ReadNs">A feature as the venue keeps it.</param>
/// <param name="ComputeNs">An indicator made of the 1,500 candles that are kept.</param>
internal sealed record FeatureReport(
    int Indicators, int Outputs, double UpdateCpuNs, double KeptUpShareOfCore, double KeptUpSeconds, double HitP50Ns, int Keys,
    HitRates OverKeys, HitRates OverParts, double ReadNs, double ComputeNs)
{
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""
        {Indicators} indicators ({Outputs} outputs) for one candle: {UpdateCpuNs:0} ns of processor time
        1,000 symbols x 16 intervals in real time ({KeptUpSeconds:0} s of it): {KeptUpShareOfCore:P2} of a core
        cache hit: p50 {HitP50Ns:0} ns
        Zipf over {Keys:N0} keys: {OverKeys.ToText()}
        Zipf over symbols, kinds and intervals: {OverParts.ToText()}
        a feature read in {ReadNs:0.0} ns, computed from candles in {ComputeNs:0} ns: {ComputeNs / ReadNs:0} times
        """);
}

/// <summary>Shares of a trace's requests that a cache answers.</summary>
/// <param name="All">With room for all keys.</param>
/// <param name="Tenth">With room for a tenth of them.</param>
/// <param name="ClairvoyantTenth">The best that there can be with the same room.</param>
/// <param name="MostAskedTenth">What keeps just the keys that will be asked for most: the most that counts of requests can bring.</param>
/// <param name="LruTenth">The plainest with the same room.</param>
internal sealed record HitRates(double All, double Tenth, double ClairvoyantTenth, double MostAskedTenth, double LruTenth)
{
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture, $"hits {All:P2} with room for all; for a tenth {Tenth:P2}, clairvoyant {ClairvoyantTenth:P2}, the most asked for {MostAskedTenth:P2}, LRU {LruTenth:P2}");
}

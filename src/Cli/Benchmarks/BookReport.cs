using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Benchmarks;

/// <summary>What <c>exchange bench book</c> found. Times in nanoseconds an operation; prices in ticks, quantities in lots.</summary>
public sealed record BookReport
{
    /// <summary>Operations of a timed run, the build-up of the book not counted.</summary>
    public required int Operations { get; init; }

    /// <summary>CPU time of the thread: the best run.</summary>
    public required double NsPerOperation { get; init; }

    /// <summary>CPU time of the thread: the median run.</summary>
    public required double MedianNsPerOperation { get; init; }

    /// <summary>Elapsed time: the median run. It includes what other processes took.</summary>
    public required double WallNsPerOperation { get; init; }

    /// <summary>Of single operations, timer included, in the quietest of the latency runs; the next two likewise.</summary>
    public required double P50Ns { get; init; }

    public required double P99Ns { get; init; }

    public required double P999Ns { get; init; }

    /// <summary>By the timed runs together, once warm.</summary>
    public required long AllocatedBytes { get; init; }

    public required long Trades { get; init; }

    public required long TradedQuantity { get; init; }

    /// <summary>Of all trades in order (bench/reference/README.md), 16 hexadecimal digits.</summary>
    public required string TapeHash { get; init; }

    public required long BestBid { get; init; }

    public required long BestAsk { get; init; }

    public required int RestingOrders { get; init; }

    public required long RestingQuantity { get; init; }

    /// <summary>CPU time of the reference book: its best run. Null without a reference, as all of it.</summary>
    public double? ReferenceNsPerOperation { get; init; }

    public double? ReferenceMedianNsPerOperation { get; init; }

    public double? ReferenceWallNsPerOperation { get; init; }

    /// <summary><see cref="NsPerOperation"/> to <see cref="ReferenceNsPerOperation"/>.</summary>
    public double? Ratio { get; init; }

    /// <summary>The same of the median elapsed times.</summary>
    public double? WallRatio { get; init; }

    /// <summary>Both made the same trades.</summary>
    public bool? ReferenceAgrees { get; init; }

    /// <summary>Books served in turn for what follows; 1: not measured.</summary>
    public required int Symbols { get; init; }

    /// <summary>CPU time of an operation on one of the <see cref="Symbols"/> books, memory asked for ahead as the host does.</summary>
    public double? SymbolsNsPerOperation { get; init; }

    /// <summary>To the cost of one book alone on the same stretch of operations.</summary>
    public double? SymbolsRatio { get; init; }

    /// <summary>The same without asking ahead.</summary>
    public double? UnaidedSymbolsNsPerOperation { get; init; }

    public double? ReferenceSymbolsNsPerOperation { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, BookReportJson.Default.BookReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Operations:N0} operations, {NsPerOperation:F1} ns each ");
        text.AppendLine(CultureInfo.InvariantCulture, $"(CPU, best run; median {MedianNsPerOperation:F1}, elapsed {WallNsPerOperation:F1})");
        text.AppendLine(CultureInfo.InvariantCulture, $"single operations: p50 {P50Ns:F0} ns, p99 {P99Ns:F0} ns, p99.9 {P999Ns:F0} ns, timer included");
        text.AppendLine(CultureInfo.InvariantCulture, $"allocated: {AllocatedBytes} bytes");
        if (ReferenceNsPerOperation is { } reference)
        {
            text.Append(CultureInfo.InvariantCulture, $"reference book: {reference:F1} ns (elapsed {ReferenceWallNsPerOperation:F1}), ");
            text.AppendLine(CultureInfo.InvariantCulture, $"ratio {Ratio:F2} (elapsed {WallRatio:F2})");
        }

        if (SymbolsNsPerOperation is { } symbols)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Symbols} books in turn: {symbols:F1} ns, {SymbolsRatio:F2} times one book alone");
            text.Append(CultureInfo.InvariantCulture, $" (without fetching ahead {UnaidedSymbolsNsPerOperation:F1})");
            if (ReferenceSymbolsNsPerOperation is { } flat)
                text.Append(CultureInfo.InvariantCulture, $"; reference {flat:F1} ns");
            text.AppendLine();
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"trades {Trades:N0}, traded {TradedQuantity:N0} lots, tape {TapeHash}");
        text.Append(CultureInfo.InvariantCulture, $"best bid {BestBid}, best ask {BestAsk}, resting {RestingOrders:N0} orders, {RestingQuantity:N0} lots");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BookReport))]
internal sealed partial class BookReportJson : JsonSerializerContext;

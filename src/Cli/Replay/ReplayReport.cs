using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Replay;

/// <summary>What a replay sent, and how the book compared.</summary>
public sealed class ReplayReport
{
    private const int DifferencesKept = 10;

    public string Symbol { get; internal set; } = "";

    /// <summary>Rows played, the seed not counted.</summary>
    public int Messages { get; internal set; }

    /// <summary>Rows whose best bid and offer were compared.</summary>
    public int BestPriceRows { get; internal set; }

    /// <summary>Rows whose whole book was compared.</summary>
    public int LevelRows { get; internal set; }

    /// <summary>At the end: orders compared one by one with what must be left of them.</summary>
    public int OpenOrders { get; internal set; }

    public int Mismatches { get; private set; }

    /// <summary>Post-only orders placed, those of the seed included.</summary>
    public int Orders { get; internal set; }

    /// <summary>Executions sent as immediate-or-cancel orders.</summary>
    public int Executions { get; internal set; }

    /// <summary>Executions that did not meet the first order of the queue: taken from the order that they name.</summary>
    public int OutOfQueue { get; internal set; }

    public int Amends { get; internal set; }

    public int Cancels { get; internal set; }

    /// <summary>Hidden executions, auctions and halts: they change no book.</summary>
    public int Hidden { get; internal set; }

    /// <summary>Changes of orders older than the recording that are not in the seed.</summary>
    public int Unknown { get; internal set; }

    public double Seconds { get; internal set; }

    public double MessagesPerSecond => Seconds > 0 ? Messages / Seconds : 0;

    /// <summary>The first mismatches, in words.</summary>
    public IReadOnlyList<string> Differences => _differences;

    private readonly List<string> _differences = [];

    internal void Mismatch(int row, string difference)
    {
        Mismatches++;
        if (_differences.Count < DifferencesKept)
            _differences.Add(string.Create(CultureInfo.InvariantCulture, $"row {row}: {difference}"));
    }

    public string ToJson() => JsonSerializer.Serialize(this, ReplayReportJson.Default.ReplayReport);

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (string difference in _differences)
            text.AppendLine(difference);
        text.Append(CultureInfo.InvariantCulture, $"{Symbol}: {BestPriceRows:N0} best bids and offers and {LevelRows:N0} whole books compared, ");
        text.Append(CultureInfo.InvariantCulture, $"{OpenOrders:N0} orders left compared, {Mismatches:N0} mismatches; ");
        text.Append(CultureInfo.InvariantCulture, $"{Orders:N0} orders, {Executions:N0} IOCs, {Amends:N0} amends, {Cancels:N0} cancels, ");
        text.Append(CultureInfo.InvariantCulture, $"{Hidden + Unknown:N0} ignored ({Hidden:N0} hidden, {Unknown:N0} of unknown orders), ");
        text.Append(CultureInfo.InvariantCulture, $"{OutOfQueue:N0} executions out of queue; {MessagesPerSecond:N0} messages/s");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReplayReportJson : JsonSerializerContext;

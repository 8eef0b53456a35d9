using System.Globalization;
using System.Text;

namespace Exchange.Cli.Benchmarks.History;

/// <summary>Trades durably written a second, and by a bare COPY of the same rows in the same run: medians of the turns.</summary>
internal sealed record InsertFigures(double OwnPerSecond, double BarePerSecond)
{
    public double Ratio => OwnPerSecond / BarePerSecond;
}

/// <summary>Of a symbol's last 500 candles: from the database by what the API reads with, and from memory.</summary>
internal sealed record ReadFigures(double DatabaseP50Ms, double DatabaseP99Ms, double MemoryP50Ms, double MemoryP99Ms, long RowsInTable);

/// <summary>What a run found; null: not asked for.</summary>
internal sealed record HistoryReport(InsertFigures? Inserts, ReadFigures? Reads)
{
    public string ToText()
    {
        var text = new StringBuilder();
        if (Inserts is { } inserts)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"trades written: {inserts.OwnPerSecond:N0}/s; bare COPY of the same rows {inserts.BarePerSecond:N0}/s, ratio {inserts.Ratio:F2}"));
        if (Reads is { } reads)
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"last 500 candles of {reads.RowsInTable:N0}: database p50 {reads.DatabaseP50Ms:F2} p99 {reads.DatabaseP99Ms:F2} ms, memory p50 {reads.MemoryP50Ms:F3} p99 {reads.MemoryP99Ms:F3} ms"));
        return text.ToString().TrimEnd();
    }
}

using System.Globalization;
using System.Text;

namespace Exchange.Cli.Benchmarks.Postgres;

/// <summary>Medians of one case's turns.</summary>
/// <param name="Streams">That write at once, each with one write in flight.</param>
/// <param name="Records">Of 128 bytes in each append; rows of the log with each state.</param>
/// <param name="PerTransaction">Streams that shared a transaction, in the mean.</param>
/// <param name="Raw">Npgsql alone: one connection, the same rows in one statement, no fence; null: not compared.</param>
internal sealed record PostgresCase(
    string What, int Streams, int Records, double WritesPerSecond, double P50Us, double P99Us, double PerTransaction, PostgresRaw? Raw)
{
    /// <summary>Writes a second, to those of Npgsql alone.</summary>
    public double? Ratio => WritesPerSecond / Raw?.WritesPerSecond;
}

internal sealed record PostgresRaw(double WritesPerSecond, double P50Us, double P99Us);

/// <summary>What a run found.</summary>
/// <param name="SyncP50Us">Of a write of 4 KiB and its sync in the folder given.</param>
internal sealed record PostgresReport(double? SyncP50Us, double? SyncP99Us, IReadOnlyList<PostgresCase> Cases)
{
    public string ToText()
    {
        var text = new StringBuilder();
        if (SyncP50Us is { } p50)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"sync of the disk: p50 {p50:N0} p99 {SyncP99Us:N0} us"));
        foreach (PostgresCase one in Cases)
        {
            text.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.What}: {one.WritesPerSecond:N0} writes/s, {one.WritesPerSecond * one.Records:N0} records/s, p50 {one.P50Us:N0} p99 {one.P99Us:N0} us, {one.PerTransaction:F1} streams a transaction"));
            if (one.Raw is { } raw)
                text.Append(string.Create(CultureInfo.InvariantCulture, $"; Npgsql alone {raw.WritesPerSecond:N0}/s, p50 {raw.P50Us:N0} p99 {raw.P99Us:N0} us, ratio {one.Ratio:F2}"));
            text.AppendLine();
        }

        return text.ToString().TrimEnd();
    }
}

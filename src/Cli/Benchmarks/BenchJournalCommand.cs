using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Storage.Files;

namespace Exchange.Cli.Benchmarks;

/// <summary><c>exchange bench journal</c>: the journal alone, in turns with a C loop that writes and syncs the same bytes.</summary>
public static class BenchJournalCommand
{
    private static int[] BatchSizes => [1, 64, 512];

    public static Command Create()
    {
        Option<DirectoryInfo> folder = new("--folder") { Description = "Folder on the disk to measure.", Required = true };
        Option<FileInfo?> reference = new("--reference") { Description = "Compiled bench/reference/fdatasync_loop.c, measured in the same run." };
        Option<int> rounds = new("--rounds") { Description = "Turns at each batch size.", DefaultValueFactory = _ => 5 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        folder.AcceptExistingOnly();
        Command command = new("journal", "Measures the file journal against a C loop.") { folder, reference, rounds, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(folder), parsed.GetValue(reference), parsed.GetValue(rounds), parsed.GetValue(json),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(DirectoryInfo folder, FileInfo? reference, int rounds, bool json, TextWriter output, TextWriter error)
    {
        try
        {
            using var benchmark = new JournalBenchmark(folder.FullName) { ReferencePath = reference?.FullName, Rounds = rounds };
            List<JournalBenchmarkResult> results = ProgressLine.Run("journal", progress =>
            {
                var all = new List<JournalBenchmarkResult>();
                foreach (int batch in BatchSizes)
                {
                    all.Add(benchmark.Append(batch));
                    progress((double)all.Count / (BatchSizes.Length + 1));
                }

                return all;
            });
            (double bytes, double records) = benchmark.Read();
            output.WriteLine(json
                ? JsonSerializer.Serialize(new { batches = results, readBytesPerSecond = bytes, readRecordsPerSecond = records })
                : ToText(results, bytes));
            return ExchangeCommandLine.Done;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }
    }

    private static string ToText(List<JournalBenchmarkResult> results, double readBytesPerSecond)
    {
        var text = new StringBuilder();
        foreach (JournalBenchmarkResult result in results)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"batch {result.RecordsPerBatch,3}: {result.RecordsPerSecond:N0} records/s, acknowledged after p50 {result.AckP50Us:N0} p99 {result.AckP99Us:N0} us; C loop {result.ReferenceRecordsPerSecond:N0}/s, ratio {result.Ratio:F2}"));
        }

        return text.Append(string.Create(CultureInfo.InvariantCulture, $"reading: {readBytesPerSecond / 1e9:F2} GB/s")).ToString();
    }
}

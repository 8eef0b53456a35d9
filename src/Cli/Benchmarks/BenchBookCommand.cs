using System.CommandLine;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Benchmarks;

/// <summary><c>exchange bench book</c>: the order book against a recorded workload, and against the flat reference book.</summary>
public static class BenchBookCommand
{
    public static Command Create()
    {
        Option<FileInfo> ops = new("--ops") { Description = "Workload file (bench/reference/README.md).", Required = true };
        Option<FileInfo?> reference = new("--reference") { Description = "Compiled bench/reference/ref.cpp, measured in the same run." };
        Option<int> symbols = new("--symbols") { Description = "Also measures this many books served in turn.", DefaultValueFactory = _ => 1 };
        Option<int> rounds = new("--rounds") { Description = "Times that both are measured, in turn.", DefaultValueFactory = _ => 5 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        ops.AcceptExistingOnly();
        symbols.RequireRange(1, 256);
        rounds.RequireRange(1, 100);

        Command command = new("book", "Measures the order book with a recorded workload.") { ops, reference, symbols, rounds, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(ops),
            parsed.GetValue(reference),
            parsed.GetValue(symbols),
            parsed.GetValue(rounds),
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(
        FileInfo ops, FileInfo? reference, int symbols, int rounds, bool json, TextWriter output, TextWriter error)
    {
        BookReport report;
        try
        {
            WorkloadFile file = WorkloadFile.Load(ops.FullName);
            ReferenceBook? book = reference is null ? null : new ReferenceBook(reference.FullName, ops.FullName);
            report = ProgressLine.Run("order book", progress => new BookBenchmark(file, book, symbols, rounds).Run(progress));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or System.ComponentModel.Win32Exception)
        {
            error.WriteLine(exception.Message);
            return ExchangeCommandLine.Failed;
        }

        output.WriteLine(json ? report.ToJson() : report.ToText());
        if (report.ReferenceAgrees != false)
            return ExchangeCommandLine.Done;
        error.WriteLine("The order book and the reference book made different trades of this workload.");
        return ExchangeCommandLine.Failed;
    }
}

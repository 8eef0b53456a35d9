using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Exchange.Cli.Benchmarks;

/// <summary>The flat book of bench/reference/ref.cpp, as a child process: what the machine can do at best.</summary>
/// <param name="program">The compiled reference.</param>
/// <param name="operations">The workload file.</param>
internal sealed partial class ReferenceBook(string program, string operations)
{
    /// <summary>What one run of it said of its book with a hash index. Times in nanoseconds an operation.</summary>
    public readonly record struct Run(string TapeHash, double CpuNs, double WallNs);

    /// <exception cref="InvalidDataException">It failed, or said something else than the reference says.</exception>
    public Run Measure(int repetitions)
    {
        string output = Start(operations, repetitions.ToString(CultureInfo.InvariantCulture));
        Match result = ResultLine().Match(output);
        Match times = ThroughputLine().Match(output);
        if (!result.Success || !times.Success)
            throw new InvalidDataException($"{program} printed no figures of ref-hash-id.");
        return new Run(result.Groups["hash"].Value, Number(times, "cpu"), Number(times, "median"));
    }

    /// <summary>Its cost an operation with this many books served in turn; null if it does not measure that number.</summary>
    public double? MeasureSymbols(int symbols)
    {
        string output = Start(operations, "1", "multi");
        foreach (Match match in BooksLine().Matches(output))
        {
            if (match.Groups["books"].Value == symbols.ToString(CultureInfo.InvariantCulture))
                return Number(match, "cpu");
        }

        return null;
    }

    private static double Number(Match match, string name) => double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);

    private string Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start) ?? throw new InvalidDataException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidDataException($"{program} ended with code {process.ExitCode}.");
    }

    [GeneratedRegex("^RESULT ref-hash-id .*tapeHash=(?<hash>[0-9a-f]{16})", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ResultLine();

    [GeneratedRegex(
        "^THROUGHPUT ref-hash-id .*median=(?<median>[0-9.]+) .*bestCpu=(?<cpu>[0-9.]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex ThroughputLine();

    [GeneratedRegex("^MULTI books=(?<books>[0-9]+) bestCpu=(?<cpu>[0-9.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BooksLine();
}

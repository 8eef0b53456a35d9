using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Exchange.Tests.Shared;

/// <summary>A matching workload of <c>bench/reference/gen.cpp</c>, with what a slow, obvious book made of it.</summary>
/// <remarks>
/// The generator is compiled once, and a workload generated once, into a folder that test processes share; each step
/// runs under a file lock, and a finished file appears by a rename, so no process sees half a file.
/// </remarks>
internal sealed record Workload(string Path, WorkloadResult Expected)
{
    private static readonly string Sources = RepositoryRoot.Combine("bench", "reference");

    /// <param name="mix">basic, plain, exchange-core or full (bench/reference/README.md).</param>
    /// <param name="seed">Any; the same seed gives the same file.</param>
    /// <param name="operations">Operations after the book is built up; 32 bytes each in the file.</param>
    public static Workload Of(string mix, ulong seed, int operations)
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture == Architecture.X64, "workload generator is for x64");
        Skip.IfNot(IsOnPath("g++"), "g++ absent");

        string folder = Directory.CreateDirectory(Folder()).FullName;
        string generator = System.IO.Path.Combine(folder, "gen");
        MakeOnce(generator, "g++", "-O2", "-std=c++17", "-o", "{}", System.IO.Path.Combine(Sources, "gen.cpp"));

        string name = string.Create(CultureInfo.InvariantCulture, $"{mix}-{seed}-{operations}");
        string file = System.IO.Path.Combine(folder, name + ".mwl");
        MakeOnce(file, generator, "{}", mix, seed.ToString(CultureInfo.InvariantCulture), operations.ToString(CultureInfo.InvariantCulture));
        return new Workload(file, WorkloadResult.Parse(File.ReadAllText(file + ".output")));
    }

    /// <summary>Named by the sources, so that an edited generator is never mistaken for the old one.</summary>
    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("EXCHANGE_TEST_WORKLOADS") is { Length: > 0 } given) return given;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string source in (string[])["gen.cpp", "mwl.hpp"])
            hash.AppendData(File.ReadAllBytes(System.IO.Path.Combine(Sources, source)));
        string version = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
        return System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"exchange-workloads-{Environment.UserName}-{version}");
    }

    /// <summary>Runs a command that writes <paramref name="target"/> (<c>{}</c> in its arguments), unless it is there.</summary>
    private static void MakeOnce(string target, params ReadOnlySpan<string> command)
    {
        if (File.Exists(target)) return;

        // flock waits for the lock; .NET's own file locks only fail.
        const string script = """[ -e "$0" ] || { "$@" > "$0.output" && mv "$0.partial" "$0"; }""";
        var start = new ProcessStartInfo("flock") { RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in (string[])[target + ".lock", "sh", "-c", script, target]) start.ArgumentList.Add(argument);
        foreach (string argument in command) start.ArgumentList.Add(argument == "{}" ? target + ".partial" : argument);

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"Could not make {target}: {errors}");
    }

    private static bool IsOnPath(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator)
        .Any(folder => File.Exists(System.IO.Path.Combine(folder, command)));
}

/// <summary>What a matching engine must make of a workload. Prices in ticks, quantities in lots.</summary>
/// <param name="TapeHash">Over all trades in order; bench/reference/README.md says how.</param>
internal sealed partial record WorkloadResult(
    long Trades, long TradedLots, ulong TapeHash, long BestBidTicks, long BestAskTicks, long RestingOrders, long RestingLots)
{
    /// <summary>Reads the generator's RESULT line.</summary>
    public static WorkloadResult Parse(string output)
    {
        Match match = Line().Match(output);
        if (!match.Success) throw new FormatException($"No RESULT line in: {output}");
        long Number(string name) => long.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        return new WorkloadResult(
            Number("trades"), Number("traded"),
            ulong.Parse(match.Groups["hash"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            Number("bid"), Number("ask"), Number("resting"), Number("restingQty"));
    }

    [GeneratedRegex(
        "^RESULT \\S+ trades=(?<trades>\\d+) tradedQty=(?<traded>\\d+) tapeHash=(?<hash>[0-9a-f]{16}) " +
        "bestBid=(?<bid>\\d+) bestAsk=(?<ask>\\d+) resting=(?<resting>\\d+) restingQty=(?<restingQty>\\d+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}

using System.Collections.Concurrent;
using System.Globalization;
using Exchange.Simulation.Worlds;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>Lost, repeated, late and reordered messages, lost answers, cut links, doubled activations and dying nodes (P2, F20 to F23).</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const string SeedVariable = "EXCHANGE_SIMULATION_SEED";
    private const int SeedsOfPart = 200;
    private static readonly ulong RunSeed = (ulong)Random.Shared.NextInt64(1_000_000_000) * 10_000;

    [Theory]
    [MemberData(nameof(KeptSeeds))]
    public void A_seed_that_once_found_a_fault_finds_none(ulong seed) => RunAll([seed], Faults.All);

    [Fact]
    public void Without_faults_everything_comes_to_rest() => RunAll(SeedsFrom(1, 20), Faults.None);

    /// <summary>Other seeds in every run; a part is a test of its own, so that none is taken for a hung one.</summary>
    [Theory]
    [MemberData(nameof(Parts))]
    public void Losses_repeats_delays_and_crashes_leave_money_orders_and_clients_right(int part)
    {
        ulong first = RunSeed + (ulong)(part * SeedsOfPart);
        output.WriteLine($"seeds {first} to {first + SeedsOfPart - 1}");
        RunAll(SeedsFrom(first, SeedsOfPart), Faults.All);
    }

    public static IEnumerable<object[]> Parts() => Enumerable.Range(0, TestScale.Of(1, 50)).Select(part => new object[] { part });

    /// <summary>Prints everything that happens in one seed.</summary>
    [SkippableFact]
    public void The_seed_of_the_environment_is_replayed()
    {
        string? text = Environment.GetEnvironmentVariable(SeedVariable);
        Skip.If(text is null, $"{SeedVariable} names no seed to replay");
        var trace = new Trace();
        string? found = SimulationRun.Find(ulong.Parse(text!, CultureInfo.InvariantCulture), Faults.All, Mutant.None, trace);
        output.WriteLine(trace.All());
        output.WriteLine(found ?? "nothing found");
        Assert.Null(found);
    }

    public static TheoryData<ulong> KeptSeeds()
    {
        var seeds = new TheoryData<ulong>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "kept-seeds.txt")))
        {
            if (line.Length != 0 && line[0] != '#')
                seeds.Add(ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
        }

        return seeds;
    }

    private static IEnumerable<ulong> SeedsFrom(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);

    private static void RunAll(IEnumerable<ulong> seeds, Faults faults)
    {
        var failed = new ConcurrentBag<ulong>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            if (SimulationRun.Find(seed, faults) is null)
                return;
            failed.Add(seed);
            state.Stop();
        });
        if (!failed.IsEmpty)
            Assert.Fail(SimulationRun.Explain(failed.Min(), faults));
    }
}

using System.Globalization;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation;

/// <summary>One seed's world from start to rest.</summary>
internal static class SimulationRun
{
    public const int Steps = 2_000;
    private const int StepsToRest = 6_000;
    private const int TraceLines = 200;

    /// <summary>Runs a seed.</summary>
    /// <returns>What was found, null if nothing was.</returns>
    public static string? Find(ulong seed, Faults faults, Mutant mutant = Mutant.None, Trace? trace = null) =>
        Find(seed, faults, mutant, trace, out _);

    public static string? Find(ulong seed, Faults faults, Mutant mutant, Trace? trace, out Happenings? happenings)
    {
        World? world = null;
        happenings = null;
        try
        {
            world = new World(seed, faults, mutant, trace);
            world.Run(Steps);
            world.StopFaults();
            world.RunUntilRest(StepsToRest);
            new RestCheck(world).Check();
            happenings = world.Happenings;
            return null;
        }
        catch (FaultFoundException fault)
        {
            return $"step {world?.Steps}: {fault.Message}";
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A machine that stops has found a fault of its own.
            return $"step {world?.Steps}: {fault}";
        }
    }

    /// <summary>What was found with the last lines of the trace, and the command that shows it again.</summary>
    public static string Explain(ulong seed, Faults faults)
    {
        var trace = new Trace();
        string? found = Find(seed, faults, Mutant.None, trace);
        string text = seed.ToString(CultureInfo.InvariantCulture);
        return $"""
            Seed {text}: {found}
            {trace.Tail(TraceLines)}
            Replay it with its whole trace:
              EXCHANGE_SIMULATION_SEED={text} dotnet test tests/Simulation --filter {nameof(SimulationTests.The_seed_of_the_environment_is_replayed)}
            """;
    }
}

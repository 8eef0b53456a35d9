using System.Globalization;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Once every table has its size, commands allocate nothing, whatever they are.</summary>
public sealed class EngineAllocationTests
{
    private const int Commands = 1_000_000;

    [Fact]
    public void A_warm_engine_allocates_nothing_over_a_million_mixed_commands()
    {
        var run = new Engine();
        var output = new EngineOutput();
        var writer = new EngineScriptWriter(seed: 5, run);
        var bytes = new long[256];
        Apply(run, writer, output, TestScale.Of(600_000, 2_000_000), bytes);

        // As in Allocations: what only the runtime allocates is not there in a second round.
        int rounds = 0;
        do
        {
            Array.Clear(bytes);
            Apply(run, writer, output, Commands, bytes);
        }
        while (bytes.Any(count => count != 0) && ++rounds < 3);

        string[] culprits = [.. Enumerable.Range(0, bytes.Length).Where(kind => bytes[kind] != 0)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{(CommandKind)kind}: {bytes[kind]}"))];
        Assert.True(culprits.Length == 0, "bytes allocated by " + string.Join(", ", culprits));
    }

    /// <summary>Adds up what each kind of command allocates; what writes the script is not measured.</summary>
    private static void Apply(Engine engine, EngineScriptWriter writer, EngineOutput output, int commands, long[] bytes)
    {
        for (int i = 0; i < commands; i++)
        {
            ScriptStep step = writer.Next();
            Command command = step.For(engine);
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Apply(in command, step.TimeMs, output, step.Listing);
            bytes[(int)command.Kind] += GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}

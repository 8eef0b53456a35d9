using Exchange.Simulation.Worlds;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>Worlds must get to where the protocol is hard.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int Seeds = 40;

    [Fact]
    public void Everything_a_world_is_made_for_happens_in_a_few_seeds()
    {
        var all = new Happenings();
        Parallel.For(1, Seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            string? found = SimulationRun.Find((ulong)seed, Faults.All, Mutant.None, null, out Happenings? happenings);
            Assert.Null(found);
            lock (all)
                all.Add(happenings!);
        });

        foreach (Happening happening in Enum.GetValues<Happening>())
            output.WriteLine($"{happening} {all[happening]}");
        Assert.DoesNotContain(Enum.GetValues<Happening>(), happening => all[happening] == 0);
    }
}

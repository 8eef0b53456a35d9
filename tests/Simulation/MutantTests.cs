using Exchange.Simulation.Worlds;
using Xunit.Abstractions;

namespace Exchange.Simulation;

/// <summary>The simulation must bite: with any of these parts of the protocol left out it finds a fault.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Seeds = 500;

    [Theory]
    [InlineData(Mutant.NoEpochCheck)]
    [InlineData(Mutant.NoEventNumbers)]
    [InlineData(Mutant.NoWaitForDurability)]
    [InlineData(Mutant.WriteIsNotOneCut)]
    [InlineData(Mutant.LiquidationNotWrittenBeforeReserve)]
    [InlineData(Mutant.SpentIsNotKept)]
    [InlineData(Mutant.NoWaitForAccountWrite)]
    [InlineData(Mutant.AnswersAreNotNamed)]
    [InlineData(Mutant.RingAfterChecks)]
    [InlineData(Mutant.AppendIsNotFenced)]
    [InlineData(Mutant.RegisteredTooEarly)]
    [InlineData(Mutant.AcknowledgedBeforeWrite)]
    [InlineData(Mutant.NamesAreNotSent)]
    public void What_is_left_out_of_the_protocol_is_found(Mutant mutant)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (SimulationRun.Find(seed, Faults.All, mutant) is not { } found)
                continue;
            output.WriteLine($"seed {seed}, {found}");
            return;
        }

        Assert.Fail($"{mutant} lives: {Seeds} seeds found nothing");
    }
}

using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F1: the machine stops at any step; what was acknowledged is there, in order, and nothing else but whole batches.</summary>
public sealed class CrashTests
{
    private const int Batches = 160;

    [Theory]
    [InlineData(CrashOutcome.Lose)]
    [InlineData(CrashOutcome.Keep)]
    [InlineData(CrashOutcome.Random)]
    [InlineData(CrashOutcome.ProcessOnly)]
    public void A_crash_at_every_step_loses_nothing_acknowledged(CrashOutcome outcome)
    {
        var whole = new SimulatedDisk();
        new JournalScript(whole).Run(Batches, close: true);
        Assert.True(whole.Steps > 150, $"{whole.Steps} steps");

        for (int step = 1; step <= whole.Steps; step++)
        {
            var disk = new SimulatedDisk(seed: step) { CrashAtStep = step };
            var script = new JournalScript(disk);
            script.Run(Batches, close: true);
            disk.Restart(outcome);
            Recovers(script, disk, step);
        }
    }

    [Theory]
    [InlineData(CrashOutcome.Lose)]
    [InlineData(CrashOutcome.Random)]
    [InlineData(CrashOutcome.ProcessOnly)]
    public void A_crash_at_every_step_of_a_recovery_loses_nothing_either(CrashOutcome outcome)
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            int step = 1;
            bool crashed;
            do
            {
                var disk = new SimulatedDisk(seed) { CrashAtStep = 40 + seed };
                var script = new JournalScript(disk);
                script.Run(Batches);
                disk.Restart(seed % 2 == 0 ? CrashOutcome.Random : CrashOutcome.ProcessOnly);
                int before = disk.Steps;
                disk.CrashAtStep = before + step;
                script.Run(batches: 2);
                crashed = disk.Steps == before + step;
                disk.Restart(outcome);
                Recovers(script, disk, step);
                step++;
            }
            while (crashed);

            Assert.True(step > 5);
        }
    }

    [Fact]
    public void Many_lives_with_crashes_at_random_keep_every_acknowledged_record()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var disk = new SimulatedDisk(seed);
            var script = new JournalScript(disk);
            for (int life = 0; life < 25; life++)
            {
                disk.CrashAtStep = disk.Steps + random.Next(1, 60);
                script.Run(random.Next(1, 12), close: random.Next(3) == 0);
                disk.Restart((CrashOutcome)random.Next(4));
            }

            script.Run(batches: 1, close: true);
            Assert.True(script.Acknowledged > 0);
        }
    }

    private static void Recovers(JournalScript script, SimulatedDisk disk, int step)
    {
        ulong acknowledged = script.Acknowledged;
        try
        {
            script.Run(batches: 3);
            disk.Restart(CrashOutcome.Lose);
            script.Run(batches: 1, close: true);
            Assert.Null(script.Journal.Failure);
            Assert.True(script.Acknowledged > acknowledged);
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"Step {step}, acknowledged {acknowledged}:\n{string.Join('\n', disk.Log)}", cause);
        }
    }
}

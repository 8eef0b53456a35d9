namespace Exchange.Core.Tests.Engines;

/// <summary>The same commands give the same engine and the same words: again, from a snapshot, in another process (faults F12, P3).</summary>
public sealed class EngineDeterminismTests
{
    private const int CommandsPerScript = 1_200;

    private static int Scripts => TestScale.Of(25, 1_000);

    [Fact]
    public void A_replay_from_the_start_gives_the_same_state_and_outputs()
    {
        for (ulong seed = 1; seed <= (ulong)Scripts; seed++)
        {
            EngineScript script = EngineScript.FromSeed(seed, CommandsPerScript);
            Assert.Equal(CommandsPerScript, script.Count);
            Assert.Equal(EngineHashes.Of(script.Steps), EngineHashes.Of(script.Steps));
        }
    }

    [Theory]
    [InlineData(11, 5, 0)]
    [InlineData(100, 1, 0)]
    [InlineData(11, 5, 1)]
    [InlineData(100, 1, 4)]
    public void From_a_snapshot_the_engine_goes_on_as_if_nothing_had_been(int rebornEvery, int fewer, int sliceWork)
    {
        for (ulong seed = 1; seed <= (ulong)(Scripts / fewer); seed++)
        {
            EngineScript script = EngineScript.FromSeed(seed, CommandsPerScript, sliceWork);
            EngineHashes expected = EngineHashes.Of(script.Steps, sliceWork: sliceWork);
            Assert.Equal((seed, expected), (seed, EngineHashes.Of(script.Steps, rebornEvery, sliceWork)));
        }
    }

    /// <summary>Turkish has its own i, Persian its own digits and minus, German its own decimal point.</summary>
    [Fact]
    public void Another_process_another_culture_and_other_string_hashes_give_the_same()
    {
        const int scripts = 6;
        string[] here = [.. HashProcess.Lines(scripts, CommandsPerScript)];
        var firstLines = new HashSet<string>();
        foreach (string culture in (string[])["tr-TR", "fa-IR", "de-DE"])
        {
            string[] there = HashProcess.Run(culture, scripts, CommandsPerScript);
            Assert.Equal(here, there[1..]);
            string[] shown = there[0].Split('|');
            Assert.NotEqual("-1,234.5", shown[1]); // The culture was in force.
            Assert.True(firstLines.Add(shown[2]), "two processes with the same string hashes");
        }
    }
}

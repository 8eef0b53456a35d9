using System.Globalization;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Engines;

/// <summary>What an engine has become and all it said on the way.</summary>
internal readonly record struct EngineHashes(UInt128 State, ulong Outputs, UInt128 Told)
{
    /// <summary>After a script of this seed and length.</summary>
    public static EngineHashes Of(ulong seed, int commands) => Of(EngineScript.FromSeed(seed, commands).Steps);

    /// <param name="steps">Replayed from the start.</param>
    /// <param name="rebornEvery">So often the engine goes on as a copy from a snapshot of itself; 0: never.</param>
    /// <param name="sliceWork">Of the engine; 0: as a venue's.</param>
    public static EngineHashes Of(IEnumerable<ScriptStep> steps, int rebornEvery = 0, int sliceWork = 0)
    {
        Engine engine = NewEngine(sliceWork);
        var output = new EngineOutput();
        var digest = new OutputDigest();
        int count = 0;
        foreach (ScriptStep step in steps)
        {
            Command command = step.For(engine);
            engine.Apply(in command, step.TimeMs, output, step.Listing);
            digest.Add(output);
            if (rebornEvery != 0 && ++count % rebornEvery == 0)
                engine = Reborn(engine, sliceWork);
        }

        return new EngineHashes(engine.StateHash(), engine.OutputHash, digest.Value);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{State:x32} {Outputs:x16} {Told:x32}");

    /// <summary>An engine whose inputs work so much of a pass; 0: as a venue's.</summary>
    public static Engine NewEngine(int sliceWork) => sliceWork == 0 ? new Engine() : new Engine { SliceWork = sliceWork };

    public static Engine Reborn(Engine engine, int sliceWork)
    {
        var writer = new SnapshotWriter();
        engine.Snapshot(writer);
        Engine copy = NewEngine(sliceWork);
        copy.Restore(new SnapshotReader(writer.Written));
        Assert.Equal(engine.StateHash(), copy.StateHash());
        return copy;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Exchange.Core.Tests.Engines;

/// <summary>A random run of commands over a whole engine, from a seed; a failure is cut down to the steps that it needs.</summary>
internal sealed class EngineScript(ulong seed, IReadOnlyList<ScriptStep> steps, IReadOnlyList<int> kept)
{
    private const int MostTries = 4_000;

    /// <summary>Steps told in full; a longer rest is named by its numbers, from which <see cref="Keep"/> makes the script again.</summary>
    private const int MostTold = 80;

    public IEnumerable<ScriptStep> Steps => kept.Select(index => steps[index]);

    public int Count => kept.Count;

    /// <summary>A script of this many commands; shorter if the engine broke while it was written.</summary>
    /// <param name="sliceWork">Of the engine it is written for; 0: as a venue's.</param>
    public static EngineScript FromSeed(ulong seed, int commands, int sliceWork = 0)
    {
        var run = new EngineRun { Engine = EngineHashes.NewEngine(sliceWork) };
        var writer = new EngineScriptWriter(seed, run.Engine);
        var steps = new List<ScriptStep>();
        try
        {
            for (int i = 0; i < commands; i++)
            {
                ScriptStep step = writer.Next();
                steps.Add(step);
                run.Apply(in step);
            }
        }
        catch (Exception e) when (e is InvariantException or ArithmeticException or IndexOutOfRangeException or UnreachableException)
        {
            // Whoever runs the script meets it again.
        }

        return new EngineScript(seed, steps, [.. Enumerable.Range(0, steps.Count)]);
    }

    /// <summary>The script of only these steps: what a failure message names.</summary>
    public EngineScript Keep(params int[] indexes) => new(seed, steps, indexes);

    /// <summary>Writes and runs a script at once, and says what went wrong in the fewest steps that still go wrong.</summary>
    public static EngineRun Run(ulong seed, int commands, Func<EngineRun> begin)
    {
        EngineRun run = begin();
        var writer = new EngineScriptWriter(seed, run.Engine);
        var steps = new List<ScriptStep>();
        try
        {
            for (int i = 0; i < commands; i++)
            {
                ScriptStep step = writer.Next();
                steps.Add(step);
                run.Apply(in step);
            }

            run.End();
            return run;
        }
        catch (Exception e)
        {
            var script = new EngineScript(seed, steps, [.. Enumerable.Range(0, steps.Count)]);
            throw new InvalidOperationException(script.Explain(begin, e), e);
        }
    }

    private string Explain(Func<EngineRun> begin, Exception e)
    {
        EngineScript shortest = Shrink(begin, Fault(e));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{e.GetType().Name}: {Fault(e)}\n");
        text.Append(CultureInfo.InvariantCulture, $"EngineScript.FromSeed({seed}, {steps.Count}).Keep({shortest.Indexes()})\n");
        foreach (ScriptStep step in shortest.Steps.Take(MostTold))
            text.Append("  ").Append(step.ToString()).Append('\n');
        return text.ToString();
    }

    private string Indexes() => string.Join(", ", kept.Select(index => index.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Leaves out ever smaller parts as long as the same fault shows.</summary>
    private EngineScript Shrink(Func<EngineRun> begin, string fault)
    {
        EngineScript best = this;
        int tries = 0;
        for (int chunk = Math.Max(1, Count / 2); chunk > 0 && tries < MostTries; chunk /= 2)
        {
            for (int from = 0; from < best.Count && tries < MostTries; tries++)
            {
                EngineScript shorter = best.Without(from, chunk);
                if (string.Equals(shorter.FaultOf(begin), fault, StringComparison.Ordinal))
                    best = shorter;
                else
                    from += chunk;
            }
        }

        return best;
    }

    private EngineScript Without(int from, int chunk) => new(seed, steps, [.. kept.Take(from), .. kept.Skip(from + chunk)]);

    private string? FaultOf(Func<EngineRun> begin)
    {
        try
        {
            EngineRun run = begin();
            foreach (ScriptStep step in Steps)
                run.Apply(in step);
            run.End();
            return null;
        }
        catch (Exception e)
        {
            return Fault(e);
        }
    }

    /// <summary>The first line of a message; what follows may hold figures that change as the script shrinks.</summary>
    private static string Fault(Exception e) => e.Message.Split('\n')[0];
}

using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>An engine that is given a script, and what is checked meanwhile.</summary>
internal sealed class EngineRun(params ReadOnlySpan<IEngineCheck> checks)
{
    private readonly IEngineCheck[] _checks = [.. checks];

    public Engine Engine { get; init; } = new();

    public EngineOutput Output { get; } = new();

    /// <summary>Commands applied so far.</summary>
    public int Count { get; private set; }

    public void Apply(in ScriptStep step)
    {
        Command command = step.For(Engine);
        foreach (IEngineCheck check in _checks)
            check.Before(this, in command, step.TimeMs);
        Engine.Apply(in command, step.TimeMs, Output, step.Listing);
        Count++;
        foreach (IEngineCheck check in _checks)
            check.After(this, in command);
    }

    public void End()
    {
        foreach (IEngineCheck check in _checks)
            check.End(this);
    }
}

/// <summary>Something that must hold while a script runs; it throws when it does not.</summary>
internal interface IEngineCheck
{
    void Before(EngineRun run, in Command command, long timeMs)
    {
    }

    void After(EngineRun run, in Command command);

    void End(EngineRun run)
    {
    }
}

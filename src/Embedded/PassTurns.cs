using Exchange.Core;

namespace Exchange.Embedded;

/// <summary>Whose turn it is while a liquidation pass is open: a slice of it, or the commands that wait.</summary>
/// <remarks>
/// The engine counts its slices, so that they are the same everywhere; how many commands come between is the host's to decide, by the
/// clock. After a slice the commands have as long as it took: neither can keep the other from its half of the thread, a command waits
/// for one slice, and a pass takes at most twice as long as alone. With nothing queued the pass goes on at once.
/// </remarks>
public struct PassTurns
{
    private long _commandsUntil;

    /// <summary>Whether the pass goes on before the next command.</summary>
    /// <param name="engine">Asked whether a pass is open.</param>
    /// <param name="clock">Its timestamps are compared.</param>
    public readonly bool IsPassNext(Engine engine, TimeProvider clock) => engine.HasOpenPass && clock.GetTimestamp() >= _commandsUntil;

    /// <summary>A slice was worked.</summary>
    /// <param name="started">Timestamp before it.</param>
    /// <param name="ended">Timestamp behind it.</param>
    public void NoteSlice(long started, long ended) => _commandsUntil = ended + (ended - started);
}

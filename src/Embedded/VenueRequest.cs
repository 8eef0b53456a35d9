using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>One thing asked of the venue: a command, or a question to the engine as it stands.</summary>
/// <remarks>
/// The callbacks come in this order: <see cref="OnApplied"/> on the engine thread, <see cref="OnDurable"/> on the publisher's. Or
/// <see cref="OnRefused"/> alone (nothing became an input), or <see cref="OnStopped"/> at any point (the outcome is unknown). None
/// of them may wait or throw.
/// </remarks>
public abstract class VenueRequest
{
    /// <summary>What to do; <see cref="CommandKind.None"/>: a question, which is not journaled.</summary>
    public Command Command;

    /// <summary>ListInstrument only.</summary>
    public Instrument? Listing { get; set; }

    /// <summary>Journal sequence of the command, or of the last input a question saw.</summary>
    public ulong Sequence { get; internal set; }

    public long TimeMs { get; internal set; }

    /// <summary>The engine has applied it: copy what the answer needs, the output is reused.</summary>
    protected internal abstract void OnApplied(Engine engine, EngineOutput output);

    /// <summary>It is durable, and every reader behind the journal has seen it; the span is valid during the call only.</summary>
    protected internal abstract void OnDurable(ReadOnlySpan<FeedEvent> events);

    /// <summary>It was not taken: overload, cancel-only.</summary>
    protected internal abstract void OnRefused(RejectReason reason);

    /// <summary>The venue stopped before the outcome was durable.</summary>
    protected internal abstract void OnStopped(Exception? cause);
}

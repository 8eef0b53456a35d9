using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>Reads behind the journal, on the publisher's thread: every durable input that did something, in order.</summary>
public interface IVenueReader
{
    /// <summary>One input and what it did; the span is valid during the call only.</summary>
    void OnInput(in Command command, Instrument? listing, ulong sequence, ReadOnlySpan<FeedEvent> events);
}

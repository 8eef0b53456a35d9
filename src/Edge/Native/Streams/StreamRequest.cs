using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>A message of a client, in whatever format it came.</summary>
internal abstract class StreamRequest
{
    /// <summary>Whole numbers up to here survive every client's JSON.</summary>
    public const long LargestId = (1L << 53) - 1;

    /// <summary>Comes back with the answer; known as soon as it was read, also when the rest is refused.</summary>
    public long? Id { get; protected set; }

    public StreamOp Op { get; protected set; }

    /// <summary>Subscribe, Unsubscribe.</summary>
    public List<StreamChannel> Channels { get; protected init; } = [];

    /// <summary>Subscribe: where the account's channels are to go on; null: from now on.</summary>
    public string? Cursor { get; protected set; }

    /// <summary>Authenticate: a bearer token; null: signed.</summary>
    public string? TokenText { get; protected set; }

    /// <summary>Authenticate, without a token.</summary>
    public SignedHeaders Signed { get; protected set; }

    /// <summary>Amend, Cancel: which order.</summary>
    public OrderName Order { get; protected set; }

    /// <summary>Amend, Cancel: where it is, when told. CancelAll: whose orders.</summary>
    public string? Symbol { get; protected set; }

    /// <summary>Place: the order.</summary>
    public abstract Problem? ReadPlace(PlaceOrderBody reader, uint account, out Command command, out Instrument instrument);

    /// <summary>Amend: what is to change, in the units of the order's instrument.</summary>
    public abstract Problem? ReadAmend(Instrument instrument, out Command command);

    /// <summary>Takes the names of channels.</summary>
    protected Problem? ReadChannels(IReadOnlyCollection<string> names, Hosting.InstrumentTable instruments)
    {
        if (names.Count > StreamHub.ChannelsPerStream)
            return new Problem(ErrorCatalogue.TooManyChannels) { Limit = $"{StreamHub.ChannelsPerStream}" };
        foreach (string name in names)
        {
            if (StreamChannel.Parse(name, instruments, out StreamChannel channel) is { } problem)
                return problem;
            Channels.Add(channel);
        }

        return null;
    }
}

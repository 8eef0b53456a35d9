using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The channels of its account that one stream asked for in one request. Used by the hub's loop alone, but for what the venue calls.</summary>
internal sealed class OwnStream(StreamHub hub, StreamConnection connection, IEnumerable<StreamChannel> channels) : IOwnSubscriber
{
    private readonly HashSet<ChannelKind> _channels = [.. channels.Where(channel => channel.IsPrivate).Select(channel => channel.Kind)];

    /// <summary>What came before the answer to the request was sent; null: it was.</summary>
    private List<OwnEvent>? _early = [];
    private OwnSubscription? _subscription;

    /// <summary>No channel is left.</summary>
    public bool IsEmpty => _channels.Count == 0;

    /// <summary>What carries an event.</summary>
    public static ChannelKind ChannelOf(FeedKind kind) => kind switch
    {
        FeedKind.Position => ChannelKind.Positions,
        FeedKind.Balance => ChannelKind.Balances,
        _ => ChannelKind.Orders,
    };

    /// <summary>Whether it tells what happened; it must be told then.</summary>
    public bool Carries(in OwnEvent happened) => _channels.Contains(ChannelOf(happened.Happened.Kind));

    /// <summary>The event cannot be told: its order is older than what is kept.</summary>
    public static bool IsUntold(in OwnEvent happened) =>
        happened is { Order: null, Happened.Kind: FeedKind.OrderAccepted or FeedKind.OrderUpdated };

    /// <summary>The request is answered: tells what was missed, and what came meanwhile.</summary>
    public void Open(OwnSubscription subscription)
    {
        _subscription = subscription;
        if (IsEmpty)
            subscription.Dispose();
        List<OwnEvent> early = _early!;
        _early = null;
        foreach (OwnEvent missed in subscription.Missed)
            Tell(in missed);
        foreach (OwnEvent happened in early)
            Tell(in happened);
    }

    public void On(in OwnEvent happened)
    {
        if (_early is not null)
            _early.Add(happened);
        else
            Tell(in happened);
    }

    public void Remove(ChannelKind channel)
    {
        _channels.Remove(channel);
        if (IsEmpty)
            _subscription?.Dispose();
    }

    /// <summary>Nothing more is told.</summary>
    public void End()
    {
        _channels.Clear();
        _subscription?.Dispose();
    }

    /// <summary>Begun anew rather than gone on with a gap.</summary>
    public void Break()
    {
        if (!IsEmpty)
            connection.End(StreamEnd.Reset);
    }

    void IOwnSubscriber.OnOwnEvents(ReadOnlySpan<OwnEvent> events) => hub.OnOwnEvents(this, events);

    void IOwnSubscriber.OnBroken() => hub.OnBroken(this);

    private void Tell(in OwnEvent happened)
    {
        if (!Carries(in happened))
            return;
        if (IsUntold(in happened))
            Break();
        else
            hub.Send(connection, in happened);
    }
}

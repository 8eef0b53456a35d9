namespace Exchange.Core.Port;

/// <summary>Something that happened to an account, for those who may see it.</summary>
/// <param name="Happened">An order's acceptance or update, a fill, a position, a balance.</param>
/// <param name="Order">Of an acceptance or update: the order as it left it. Null: it is older than what is kept.</param>
/// <param name="Cursor">Behind this event: where to go on after it.</param>
public readonly record struct OwnEvent(FeedEvent Happened, OrderView? Order, OwnCursor Cursor)
{
    /// <summary>Whether accounts are told events of a kind.</summary>
    public static bool IsOwn(FeedKind kind) =>
        kind is FeedKind.OrderAccepted or FeedKind.OrderUpdated or FeedKind.Fill or FeedKind.Position or FeedKind.Balance;
}

/// <summary>Hears what happens to one account.</summary>
public interface IOwnSubscriber
{
    /// <summary>The next events, in order; on the host's thread: it must not wait. The span is valid only during the call.</summary>
    void OnOwnEvents(ReadOnlySpan<OwnEvent> events);

    /// <summary>What follows cannot be told without a gap: the subscription is over.</summary>
    void OnBroken();
}

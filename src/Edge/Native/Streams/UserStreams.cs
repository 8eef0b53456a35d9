using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The channels of one account. Used by the hub's loop alone.</summary>
internal sealed class UserStreams(IExchange exchange, Delivery delivery)
{
    private readonly Audience _orders = new(delivery);
    private readonly Audience _positions = new(delivery);
    private readonly Audience _balances = new(delivery);

    public bool IsEmpty => _orders.IsEmpty && _positions.IsEmpty && _balances.IsEmpty;

    /// <summary>What carries an event; null: it is nothing of an account's.</summary>
    public static ChannelKind? ChannelOf(FeedKind kind) => kind switch
    {
        FeedKind.OrderAccepted or FeedKind.OrderUpdated or FeedKind.Fill => ChannelKind.Orders,
        FeedKind.Position => ChannelKind.Positions,
        FeedKind.Balance => ChannelKind.Balances,
        _ => null,
    };

    public Audience AudienceOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Orders => _orders,
        ChannelKind.Positions => _positions,
        _ => _balances,
    };

    public void On(in FeedEvent happened, string cursor)
    {
        Audience audience = AudienceOf(ChannelOf(happened.Kind)!.Value);
        if (audience.IsEmpty)
            return;
        if (MessageOf(happened, cursor) is { } make)
            audience.Send(make);
        else
            audience.End(StreamEnd.Reset);   // Better begun anew than gone on with a gap.
    }

    /// <summary>Makes the message that tells an event; null: its order is older than what is kept, it can be told no more.</summary>
    public Func<IStreamMessages, byte[]>? MessageOf(FeedEvent happened, string cursor)
    {
        switch (happened.Kind)
        {
            case FeedKind.OrderAccepted or FeedKind.OrderUpdated:
                OrderView? order = exchange.FindOrder(happened.Account, happened.Id);
                if (order is null)
                    return null;
                OrderView then = OwnEvents.Then(happened, order);
                return format => format.Order(happened, cursor, then, exchange.Instruments[happened.Symbol]);
            case FeedKind.Fill:
                return format => format.Fill(happened, cursor, OwnEvents.Fill(happened), exchange.Instruments[happened.Symbol]);
            case FeedKind.Position:
                return format => format.Position(happened, cursor, exchange.Instruments[happened.Symbol]);
            default:
                return format => format.Balance(happened, cursor);
        }
    }
}

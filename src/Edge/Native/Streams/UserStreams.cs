using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The channels of one account. Used by the hub's loop alone.</summary>
internal sealed class UserStreams(IExchange exchange, Delivery delivery)
{
    private readonly Audience _orders = new(delivery);
    private readonly Audience _positions = new(delivery);
    private readonly Audience _balances = new(delivery);

    public bool IsEmpty => _orders.IsEmpty && _positions.IsEmpty && _balances.IsEmpty;

    public Audience AudienceOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Orders => _orders,
        ChannelKind.Positions => _positions,
        _ => _balances,
    };

    public void On(FeedEvent happened)
    {
        switch (happened.Kind)
        {
            case FeedKind.OrderAccepted or FeedKind.OrderUpdated when !_orders.IsEmpty:
                // Older than what is kept: it can be read no more, so there is nothing to tell.
                if (exchange.FindOrder(happened.Account, happened.Id) is { } order)
                    _orders.Send(format => format.Order(happened, OwnEvents.Then(happened, order), InstrumentOf(happened)));
                break;
            case FeedKind.Fill when !_orders.IsEmpty:
                _orders.Send(format => format.Fill(happened, OwnEvents.Fill(happened), InstrumentOf(happened)));
                break;
            case FeedKind.Position when !_positions.IsEmpty:
                _positions.Send(format => format.Position(happened, InstrumentOf(happened)));
                break;
            case FeedKind.Balance when !_balances.IsEmpty:
                _balances.Send(format => format.Balance(happened));
                break;
            default:
                break;
        }
    }

    private Instrument InstrumentOf(in FeedEvent happened) => exchange.Instruments[happened.Symbol];
}

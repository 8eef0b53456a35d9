using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The channels of one account. Used by the hub's loop alone.</summary>
internal sealed class UserStreams(IExchange exchange, StreamMessages messages)
{
    private readonly Audience _orders = new();
    private readonly Audience _positions = new();
    private readonly Audience _balances = new();

    public bool IsEmpty => _orders.IsEmpty && _positions.IsEmpty && _balances.IsEmpty;

    public Audience AudienceOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Orders => _orders,
        ChannelKind.Positions => _positions,
        _ => _balances,
    };

    public void On(in FeedEvent happened)
    {
        switch (happened.Kind)
        {
            case FeedKind.OrderAccepted or FeedKind.OrderUpdated when !_orders.IsEmpty:
                // Older than what is kept: it can be read no more, so there is nothing to tell.
                if (exchange.FindOrder(happened.Account, happened.Id) is { } order)
                    _orders.Send(messages.Order(happened, order, InstrumentOf(happened)));
                break;
            case FeedKind.Fill when !_orders.IsEmpty:
                _orders.Send(messages.Fill(happened, InstrumentOf(happened)));
                break;
            case FeedKind.Position when !_positions.IsEmpty:
                _positions.Send(messages.Position(happened, InstrumentOf(happened)));
                break;
            case FeedKind.Balance when !_balances.IsEmpty:
                _balances.Send(messages.Balance(happened));
                break;
            default:
                break;
        }
    }

    private Instrument InstrumentOf(in FeedEvent happened) => exchange.Instruments[happened.Symbol];
}

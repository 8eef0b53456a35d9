using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>Order entry over a stream: the bodies and checks of the HTTP API, many commands at once, answered as they are done.</summary>
internal sealed class StreamOrders(StreamConnection connection, StreamServices services)
{
    /// <summary>Submits what a trader asks; the result is a refusal before it reached the venue.</summary>
    public ValueTask<Problem?> Carry(StreamRequest request)
    {
        if (services.Venue.Refuse() is { } down)
            return new(down);
        bool isCancel = request.Op is StreamOp.Cancel or StreamOp.CancelAll;
        Problem? tooMany = isCancel ? services.Limits.TakeCancel(null, connection.Account, 1) : services.Limits.TakeOrders(null, connection.Account, 1);
        if (tooMany is not null)
            return new(tooMany);
        return request.Op switch
        {
            StreamOp.Place => new(Place(request)),
            StreamOp.CancelAll => new(CancelAll(request)),
            _ => Change(request),
        };
    }

    private Problem? Place(StreamRequest request) =>
        request.ReadPlace(services.PlaceBody, connection.Account, out Command command, out Instrument instrument)
        ?? Submit(request, command, instrument);

    private Problem? CancelAll(StreamRequest request) =>
        services.Instruments.Find(request.Symbol, "symbol", out Instrument instrument)
        ?? Submit(request, new Command { Kind = CommandKind.CancelAll, Symbol = instrument.SymbolId }, instrument);

    // What follows on the stream waits until the order is found: commands reach the venue in the order they were sent.
    private async ValueTask<Problem?> Change(StreamRequest request)
    {
        Problem? problem;
        LocatedOrder? order;
        try
        {
            (problem, order) = await services.Locator.Locate(connection.Account, request.Order, request.Symbol);
        }
        catch (Exception unknown) when (unknown is VenueStoppedException or TimeoutException)
        {
            return new Problem(ErrorCatalogue.OutcomeUnknown);
        }

        if (problem is not null)
            return problem;
        var command = new Command { Kind = CommandKind.Cancel };
        if (request.Op == StreamOp.Amend && request.ReadAmend(order!.Instrument, out command) is { } malformed)
            return malformed;
        order!.Aim(ref command);
        return Submit(request, command, order.Instrument);
    }

    private Problem? Submit(StreamRequest request, in Command command, Instrument instrument)
    {
        StreamOrder? order = connection.Orders.TryBegin(request.Id, request.Op, instrument);
        if (order is null)
            return new Problem(ErrorCatalogue.TooManyInFlight) { Limit = $"{connection.Orders.Most}" };
        Command owned = command;
        owned.Account = connection.Account;
        order.Await(services.Venue.Exchange.Submit(owned, CancellationToken.None));
        return null;
    }
}

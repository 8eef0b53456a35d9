using System.Text;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>What a path names: an order id, or <c>client:</c> and a client order id.</summary>
/// <param name="OrderId">0: by client id.</param>
/// <param name="ClientId">Null: by order id.</param>
internal readonly record struct OrderName(ulong OrderId, string? ClientId)
{
    public ClientKey Key => ClientId is null ? default : ClientKey.From(Encoding.ASCII.GetBytes(ClientId));
}

/// <summary>An order that a request means, with its instrument.</summary>
internal sealed record LocatedOrder(OrderName Name, Instrument Instrument, OrderView? Order)
{
    /// <summary>Points a command at the order.</summary>
    public void Aim(ref Command command)
    {
        command.Symbol = Instrument.SymbolId;
        command.OrderId = Name.OrderId;
        command.Key = Name.Key;
    }
}

/// <summary>Finds the order that a path means, also when the request does not tell its symbol.</summary>
internal sealed class OrderLocator(Venue venue, InstrumentTable instruments)
{
    private const string ClientPrefix = "client:";
    private const string Field = "id";

    /// <summary>Reads the last segment of the path.</summary>
    public static Problem? ReadName(EdgeRequest request, out OrderName name)
    {
        name = default;
        return PercentText.TryDecode(RequestTarget.LastSegment(request.Http), out string text)
            ? ReadName(text, Field, out name)
            : Problems.Field(ErrorCatalogue.BadId, Field);
    }

    /// <summary>Reads an order id, or <c>client:</c> and a client order id.</summary>
    /// <param name="field">Named by a refusal.</param>
    public static Problem? ReadName(string text, string field, out OrderName name)
    {
        name = default;
        if (text.StartsWith(ClientPrefix, StringComparison.Ordinal))
            return ReadClientId(text[ClientPrefix.Length..], field, out name);
        if (!PlainInteger.TryParse(text.AsSpan(), out long orderId))
            return Problems.Field(ErrorCatalogue.BadId, field);
        name = new OrderName((ulong)orderId, null);
        return null;
    }

    /// <summary>Takes a client order id as the name of an order.</summary>
    public static Problem? ReadClientId(string clientId, string field, out OrderName name)
    {
        name = new OrderName(0, clientId);
        return ClientIds.IsValid(Encoding.ASCII.GetBytes(clientId)) ? null : ClientIds.Refusal(field);
    }

    /// <summary>The order to be changed. With a symbol it need not be found here: the venue will know.</summary>
    public async ValueTask<(Problem? Problem, LocatedOrder? Order)> Locate(uint account, OrderName name, string? symbol)
    {
        if (symbol is not null)
        {
            Problem? problem = instruments.Find(symbol, "symbol", out Instrument instrument);
            return (problem, problem is null ? new LocatedOrder(name, instrument, null) : null);
        }

        LocatedOrder? order = await Find(account, name, null);
        return (order is null ? new Problem(ErrorCatalogue.UnknownOrder) : null, order);
    }

    /// <summary>Finds an order, final ones too; null: unknown or another account's.</summary>
    /// <param name="symbol">Where to look; null: everywhere.</param>
    public async ValueTask<LocatedOrder?> Find(uint account, OrderName name, Instrument? symbol)
    {
        OrderView? order;
        try
        {
            order = await FindBehindJournal(account, name, symbol) ?? await FindOpen(account, name, symbol);
        }
        catch (HistoryUnavailableException)
        {
            // It is not at hand; one that can be changed would be open.
            order = await FindOpen(account, name, symbol);
            if (order is null)
                throw;
        }

        if (order is null || (symbol is not null && order.Symbol != symbol.SymbolId))
            return null;
        return new LocatedOrder(name, instruments[order.Symbol], order);
    }

    private ValueTask<OrderView?> FindBehindJournal(uint account, OrderName name, Instrument? symbol) => venue.Bounded(
        name.ClientId is null
            ? venue.Exchange.FindOrder(account, name.OrderId, CancellationToken.None)
            : venue.Exchange.FindOrder(account, symbol?.SymbolId ?? -1, name.ClientId, CancellationToken.None));

    // The readers may be a moment behind an order that was just acknowledged; the engine never is.
    private async ValueTask<OrderView?> FindOpen(uint account, OrderName name, Instrument? symbol)
    {
        OrderView[] open = await venue.Bounded(venue.Exchange.GetOpenOrders(account, symbol?.SymbolId ?? -1, CancellationToken.None));
        return Array.Find(open, order => name.ClientId is null ? order.OrderId == name.OrderId : order.ClientOrderId == name.ClientId);
    }
}

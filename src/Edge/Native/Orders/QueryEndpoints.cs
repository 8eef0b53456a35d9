using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>Reading own orders and fills.</summary>
internal sealed class QueryEndpoints(Venue venue, InstrumentTable instruments, OrderLocator locator)
{
    private const int SymbolField = 0;
    private const int LimitField = 1;
    private const int CursorField = 2;
    private const int StatusField = 3;

    private static readonly ImmutableArray<QueryField> PageQuery =
    [
        new("symbol", "Only this symbol; all when absent."),
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before."),
    ];

    private static readonly ImmutableArray<QueryField> OrdersQuery =
        [.. PageQuery, new("status", "open: those not final, all at once and by id; all (when absent): newest first, final ones too.", Values: ["open", "all"])];

    private static readonly ImmutableArray<QueryField> OptionalSymbol = [new("symbol", "Where a client id was used; everywhere when absent.")];

    private static readonly Operation ListOperation = new("GET", "/api/v1/orders", "ListOrders", "Own orders, newest first.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Query = OrdersQuery, Answer = Paging.Shape("Orders", "orders", OrderJson.Shape),
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    private static readonly Operation GetOperation = new("GET", "/api/v1/orders/{id}", "GetOrder",
        "One own order, final ones too: how to learn what became of a request that timed out.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Query = OptionalSymbol, Answer = OrderJson.Shape, Errors = [.. OrderErrors.Find, ErrorCatalogue.HistoryUnavailable],
    };

    private static readonly Operation FillsOperation = new("GET", "/api/v1/fills", "ListFills", "Own fills, newest first.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Query = PageQuery, Answer = Paging.Shape("Fills", "fills", OrderJson.FillShape),
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(ListOperation, ListOrders);
        routes.Map(GetOperation, GetOrder);
        routes.Map(FillsOperation, ListFills);
    }

    private async ValueTask<Problem?> ListOrders(EdgeRequest request)
    {
        if (ReadPage(request.Query, out PageRequest page) is { } problem)
            return problem;
        if (request.Query[StatusField] is "open")
            return await ListOpen(request, page.Symbol);
        if (request.Query[StatusField] is not (null or "all"))
            return Problems.Field(ErrorCatalogue.BadValue, "status", limit: "open, all");

        Page<OrderView> orders = await venue.Bounded(
            venue.Exchange.GetOrders(request.Account, page.Symbol, page.Before, page.Limit, CancellationToken.None));
        WriteOrders(request, orders.Items, orders.Next);
        return null;
    }

    private async ValueTask<Problem?> ListOpen(EdgeRequest request, int symbol)
    {
        OrderView[] open = await venue.Bounded(venue.Exchange.GetOpenOrders(request.Account, symbol, CancellationToken.None));
        WriteOrders(request, open, 0);
        return null;
    }

    private void WriteOrders(EdgeRequest request, OrderView[] orders, ulong next)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("orders"u8);
        foreach (OrderView order in orders)
            OrderJson.WriteOrder(answer.Json, order, instruments[order.Symbol]);
        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, next);
        answer.Json.WriteEndObject();
        request.Send(answer);
    }

    private async ValueTask<Problem?> GetOrder(EdgeRequest request)
    {
        if (OrderLocator.ReadName(request, out OrderName name) is { } badName)
            return badName;
        Instrument? instrument = null;
        if (request.Query[0] is { } symbol && instruments.Find(symbol, "symbol", out instrument) is { } problem)
            return problem;

        LocatedOrder? found = await locator.Find(request.Account, name, instrument);
        if (found is null)
            return new Problem(ErrorCatalogue.UnknownOrder);
        Answer answer = request.Begin();
        OrderJson.WriteOrder(answer.Json, found.Order!, found.Instrument);
        request.Send(answer);
        return null;
    }

    private async ValueTask<Problem?> ListFills(EdgeRequest request)
    {
        if (ReadPage(request.Query, out PageRequest page) is { } problem)
            return problem;

        Page<FillView> fills = await venue.Bounded(
            venue.Exchange.GetFills(request.Account, page.Symbol, page.Before, page.Limit, CancellationToken.None));
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("fills"u8);
        foreach (FillView fill in fills.Items)
            OrderJson.WriteFill(answer.Json, fill, instruments[fill.Symbol]);
        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, fills.Next);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    /// <param name="Symbol">-1: all.</param>
    private readonly record struct PageRequest(int Symbol, ulong Before, int Limit);

    private Problem? ReadPage(QueryFields query, out PageRequest page)
    {
        page = default;
        int symbolId = -1;
        if (query[SymbolField] is { } symbol)
        {
            if (instruments.Find(symbol, "symbol", out Instrument instrument) is { } unknown)
                return unknown;
            symbolId = instrument.SymbolId;
        }

        Problem? problem = Paging.Read(query, LimitField, CursorField, out int limit, out ulong before);
        page = new PageRequest(symbolId, before, limit);
        return problem;
    }
}

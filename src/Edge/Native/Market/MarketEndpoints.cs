using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>Public market data: books, trades, tickers.</summary>
internal sealed class MarketEndpoints(Venue venue, InstrumentTable instruments)
{
    private static readonly ImmutableArray<QueryField> BookQuery =
        [new("levels", $"Levels of each side, at most {WireLimits.BookLevels}; {WireLimits.DefaultBookLevels} when absent.", IsInteger: true)];

    private static readonly ImmutableArray<QueryField> TradesQuery =
    [
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before."),
    ];

    private static readonly Operation BookOperation = new("GET", "/api/v1/orderbook/{symbol}", "GetOrderBook",
        "Levels of a book with the number of the depth stream that they are as of.")
    {
        IsTagged = true, Query = BookQuery, Answer = MarketJson.BookShape, Errors = [ErrorCatalogue.UnknownSymbol],
    };

    private static readonly Operation TradesOperation = new("GET", "/api/v1/trades/{symbol}", "ListTrades", "Public trades, newest first.")
    {
        IsTagged = true, Query = TradesQuery, Answer = Paging.Shape("Trades", "trades", MarketJson.TradeShape),
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    private static readonly Operation TickersOperation = new("GET", "/api/v1/tickers", "ListTickers", "24 h statistics, best prices, mark and index of all symbols.")
    {
        Answer = new AnswerShape("Tickers", new AnswerField("tickers", AnswerKind.List, "In order of listing.", Shape: MarketJson.TickerShape)),
    };

    private static readonly Operation TickerOperation = new("GET", "/api/v1/tickers/{symbol}", "GetTicker", "The same of one symbol.")
    {
        Answer = MarketJson.TickerShape, Errors = [ErrorCatalogue.UnknownSymbol],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(BookOperation, GetBook);
        routes.Map(TradesOperation, ListTrades);
        routes.Map(TickersOperation, ListTickers);
        routes.Map(TickerOperation, GetTicker);
    }

    private ValueTask<Problem?> GetBook(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return new(unknown);
        if (request.Query.Integer(0, 1, WireLimits.BookLevels, WireLimits.DefaultBookLevels, out long levels) is { } problem)
            return new(problem);

        DepthView depth = venue.Exchange.GetDepth(instrument.SymbolId, (int)levels);
        if (AnswerTag.IsKnown(request.Http, depth.Number))
            return default;
        Answer answer = request.Begin();
        MarketJson.WriteBook(answer.Json, depth, instrument);
        request.Send(answer);
        return default;
    }

    private async ValueTask<Problem?> ListTrades(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return unknown;
        if (Paging.Read(request.Query, 0, 1, out int limit, out ulong before) is { } problem)
            return problem;

        Page<TradeView> trades = await venue.Bounded(venue.Exchange.ListTrades(instrument.SymbolId, before, limit, CancellationToken.None));
        if (AnswerTag.IsKnown(request.Http, trades.Items.Length == 0 ? 0 : trades.Items[0].TradeId, (ulong)trades.Items.Length, trades.Next))
            return null;
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("trades"u8);
        foreach (TradeView trade in trades.Items)
            MarketJson.WriteTrade(answer.Json, trade, instrument);
        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, trades.Next);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private ValueTask<Problem?> ListTickers(EdgeRequest request)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("tickers"u8);
        foreach (Instrument instrument in instruments.All)
            MarketJson.WriteTicker(answer.Json, venue.Exchange.GetTicker(instrument.SymbolId), instrument);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }

    private ValueTask<Problem?> GetTicker(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } problem)
            return new(problem);
        Answer answer = request.Begin();
        MarketJson.WriteTicker(answer.Json, venue.Exchange.GetTicker(instrument.SymbolId), instrument);
        request.Send(answer);
        return default;
    }
}

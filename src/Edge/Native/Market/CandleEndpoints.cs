using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>Candles of a symbol, oldest first.</summary>
internal sealed class CandleEndpoints(Venue venue, InstrumentTable instruments)
{
    private const int IntervalField = 0;
    private const int FromField = 1;
    private const int ToField = 2;
    private const int LimitField = 3;
    private const int CursorField = 4;
    private const int PriceField = 5;

    private static readonly ImmutableArray<string> Prices = ["trade", "mark", "index"];

    private static readonly ImmutableArray<QueryField> Query =
    [
        new("interval", "Length of a candle.", IsRequired: true, Values: CandleJson.Intervals),
        new("from", "Candles that open at or after it, in Unix milliseconds; when absent, the last ones before `to`.", IsInteger: true),
        new("to", "Candles that open at or before it; the present one when absent.", IsInteger: true),
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before; it takes the place of `from`."),
        new("price", "What the candles are of; trade when absent.", Values: Prices),
    ];

    private static readonly Operation CandlesOperation = new("GET", "/api/v1/candles/{symbol}", "ListCandles",
        $"Candles, oldest first, those without trades included; of each interval the last {Core.Limits.CandlesPerInterval} with trades are kept, and of mark and index the last {Core.Limits.PriceCandlesPerInterval}.")
    {
        IsTagged = true, Query = Query, Answer = Paging.Shape("Candles", "candles", CandleJson.Shape),
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadValue, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    public void Map(EdgeRoutes routes) => routes.Map(CandlesOperation, ListCandles);

    private async ValueTask<Problem?> ListCandles(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return unknown;
        if (!CandleIntervals.TryParse(request.Query[IntervalField], out CandleInterval interval))
            return Problems.Field(ErrorCatalogue.BadValue, "interval", limit: string.Join(", ", CandleJson.Intervals));
        if (ReadPrice(request.Query[PriceField], out CandlePrice of) is { } badPrice)
            return badPrice;
        if (ReadRange(request.Query, interval, instrument.SymbolId, out CandleRange range) is { } problem)
            return problem;

        CandlesView candles = await venue.Bounded(
            venue.Exchange.ListCandles(instrument.SymbolId, interval, range.FromMs, range.ToMs, range.Limit, of, CancellationToken.None));
        ulong next = NextOf(candles, interval, range);
        if (IsKnown(request, candles, interval, next))
            return null;
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("candles"u8);
        foreach (ref readonly Candle candle in candles.Items.AsSpan())
            CandleJson.Write(answer.Json, in candle, interval, candles.TimeMs, of == CandlePrice.Index ? 1 : instrument.TickE8, instrument.LotE8);
        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, next);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    /// <summary>Only the last candle can still change: by another trade, or by time, which makes it final.</summary>
    private static bool IsKnown(EdgeRequest request, CandlesView candles, CandleInterval interval, ulong next)
    {
        if (candles.Items.Length == 0)
            return AnswerTag.IsKnown(request.Http, 0);
        ref readonly Candle first = ref candles.Items[0];
        ref readonly Candle last = ref candles.Items[^1];
        bool isFinal = interval.CloseTimeMs(last.OpenTimeMs) < candles.TimeMs;
        return AnswerTag.IsKnown(
            request.Http, (ulong)first.OpenTimeMs, (ulong)candles.Items.Length, (ulong)last.Trades, isFinal ? 1UL : 0, next);
    }

    /// <summary>Where the next page begins: the open time after the last candle, which no later trade can move; 0: there is no more.</summary>
    private static ulong NextOf(CandlesView candles, CandleInterval interval, in CandleRange range)
    {
        if (candles.Items.Length < range.Limit)
            return 0;
        long next = interval.NextOpenTimeMs(candles.Items[^1].OpenTimeMs);
        return next <= Math.Min(range.ToMs, candles.TimeMs) ? (ulong)next : 0;
    }

    private static Problem? ReadPrice(string? text, out CandlePrice of)
    {
        int place = text is null ? 0 : Prices.IndexOf(text);
        of = (CandlePrice)Math.Max(place, 0);
        return place >= 0 ? null : Problems.Field(ErrorCatalogue.BadValue, "price", limit: string.Join(", ", Prices));
    }

    private readonly record struct CandleRange(long FromMs, long ToMs, int Limit);

    private Problem? ReadRange(QueryFields query, CandleInterval interval, int symbolId, out CandleRange range)
    {
        range = default;
        if (query.Integer(ToField, 0, WireLimits.LatestMs, WireLimits.LatestMs, out long toMs) is { } badTo)
            return badTo;
        if (query.Integer(FromField, 0, toMs, -1, out long fromMs) is { } badFrom)
            return badFrom;
        if (Paging.Read(query, LimitField, CursorField, out int limit, out ulong cursor) is { } badPage)
            return badPage;
        if (cursor > WireLimits.LatestMs)
            return Problems.Field(ErrorCatalogue.BadCursor, "cursor");
        if (cursor != 0)
            fromMs = (long)cursor;
        else if (fromMs < 0)
            fromMs = interval.EarlierOpenTimeMs(interval.OpenTimeMs(Math.Min(toMs, venue.Exchange.GetTicker(symbolId).TimeMs)), limit - 1);
        range = new CandleRange(fromMs, toMs, limit);
        return null;
    }
}

using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Market;

/// <summary>What only perpetual futures have: funding, open interest, the insurance fund, liquidations.</summary>
internal sealed class FundingEndpoints(Venue venue, InstrumentTable instruments)
{
    private const int DefaultLiquidations = 20;
    private const int MostLiquidations = 100;

    private static readonly ImmutableArray<QueryField> RatesQuery =
    [
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before."),
    ];

    private static readonly ImmutableArray<QueryField> StatsQuery =
        [new("liquidations", $"How many of the last, at most {MostLiquidations}; {DefaultLiquidations} when absent.", IsInteger: true)];

    private static readonly AnswerShape RateShape = new("FundingRate",
        new AnswerField("settlementMs", AnswerKind.Integer, "When it was due."),
        new AnswerField("rate", AnswerKind.Decimal, "Of the notional; positive: longs paid shorts."),
        new AnswerField("mark", AnswerKind.Decimal, "The mark price it was paid at."));

    private static readonly AnswerShape LiquidationShape = new("PublicLiquidation",
        new AnswerField("side", AnswerKind.Text, "sell: a long position was closed.", Values: OrderNames.Sides.All),
        new AnswerField("qty", AnswerKind.Decimal, "What was to be closed."),
        new AnswerField("bankruptcyPrice", AnswerKind.Decimal, "The price at which nothing would have been left of the margin."),
        new AnswerField("timeMs", AnswerKind.Integer, "When."));

    private static readonly AnswerShape StatsShape = new("Stats",
        new AnswerField("symbol", AnswerKind.Text, "Of which symbol."),
        new AnswerField("openInterest", AnswerKind.Decimal, "Quantity held long, which is the quantity held short."),
        new AnswerField("openInterestValue", AnswerKind.Decimal, "The same at the mark price, in USDT."),
        new AnswerField("insuranceFund", AnswerKind.Decimal, "Of the whole venue, in USDT."),
        new AnswerField("predictedFundingRate", AnswerKind.Decimal, "What the rate would be if it were settled now."),
        new AnswerField("nextFundingMs", AnswerKind.Integer, "When it is settled.", IsOptional: true),
        new AnswerField("liquidations", AnswerKind.List, "The last closes, newest first.", Shape: LiquidationShape),
        new AnswerField("timeMs", AnswerKind.Integer, "As of."));

    private static readonly Operation RatesOperation = new("GET", "/api/v1/funding/{symbol}", "ListFundingRates",
        "Funding rates that were settled, newest first; the coming one is in the ticker.")
    {
        IsTagged = true, Query = RatesQuery, Answer = Paging.Shape("FundingRates", "rates", RateShape), Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    private static readonly Operation StatsOperation = new("GET", "/api/v1/stats/{symbol}", "GetStats",
        "Open interest, insurance fund, predicted funding and the last liquidations.")
    {
        Query = StatsQuery, Answer = StatsShape, Errors = [ErrorCatalogue.UnknownSymbol],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(RatesOperation, ListRates);
        routes.Map(StatsOperation, GetStats);
    }

    private async ValueTask<Problem?> ListRates(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return unknown;
        if (Paging.Read(request.Query, 0, 1, out int limit, out ulong before) is { } problem)
            return problem;

        Page<FundingView> rounds = await venue.Bounded(venue.Exchange.ListFunding(instrument.SymbolId, before, limit, CancellationToken.None));
        if (AnswerTag.IsKnown(request.Http, rounds.Items.Length == 0 ? 0 : (ulong)rounds.Items[0].SettlementMs, (ulong)rounds.Items.Length, rounds.Next))
            return null;
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("rates"u8);
        foreach (FundingView round in rounds.Items)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteNumber("settlementMs"u8, round.SettlementMs);
            answer.Json.WriteE8("rate"u8, round.RateE8);
            answer.Json.WriteSteps("mark"u8, round.MarkTicks, instrument.TickE8);
            answer.Json.WriteEndObject();
        }

        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, rounds.Next);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private ValueTask<Problem?> GetStats(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return new(unknown);
        if (request.Query.Integer(0, 1, MostLiquidations, DefaultLiquidations, out long liquidations) is { } problem)
            return new(problem);

        StatsView stats = venue.Exchange.GetStats(instrument.SymbolId, (int)liquidations);
        TickerView ticker = venue.Exchange.GetTicker(instrument.SymbolId);
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("symbol"u8, instrument.Symbol);
        answer.Json.WriteSteps("openInterest"u8, stats.OpenInterestLots, instrument.LotE8);
        answer.Json.WriteE8("openInterestValue"u8, instrument.WideNotionalE8(ticker.MarkTicks, stats.OpenInterestLots));
        answer.Json.WriteE8("insuranceFund"u8, stats.InsuranceFundE8);
        answer.Json.WriteE8("predictedFundingRate"u8, ticker.FundingRateE8);
        if (ticker.NextFundingMs > 0)
            answer.Json.WriteNumber("nextFundingMs"u8, ticker.NextFundingMs);
        answer.Json.WriteStartArray("liquidations"u8);
        foreach (LiquidationView close in stats.Liquidations)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteString("side"u8, OrderNames.Sides.Of((int)close.Side));
            answer.Json.WriteSteps("qty"u8, close.Lots, instrument.LotE8);
            answer.Json.WriteSteps("bankruptcyPrice"u8, close.BankruptcyTicks, instrument.TickE8);
            answer.Json.WriteNumber("timeMs"u8, close.TimeMs);
            answer.Json.WriteEndObject();
        }

        answer.Json.WriteEndArray();
        answer.Json.WriteNumber("timeMs"u8, ticker.TimeMs);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }
}

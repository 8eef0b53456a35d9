using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Market;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Admin;

/// <summary>Listing instruments, halting and resuming them, and index prices.</summary>
internal sealed class InstrumentAdminEndpoints(Venue venue, InstrumentTable instruments)
{
    private static readonly WireNames States = new("trading", "reduce_only", "halted");

    private static readonly BodyShape StateBody = new("SetInstrumentState",
        new BodyField("state", FieldKind.Text, "trading, reduce_only (cancels and reducing orders) or halted (cancels).", IsRequired: true, States.All));

    private static readonly BodyShape IndexBody = new("SetIndexPrice",
        new BodyField("price", FieldKind.Decimal, "In USDT, to 8 decimals; need not be on the tick.", IsRequired: true));

    private static readonly Operation ListOperation = AdminOperation.Create("POST", "/api/v1/admin/instruments", "ListInstrument",
        "Lists an instrument; it trades once it has a mark price.", InstrumentBody.Shape, StatusCodes.Status201Created,
        [ErrorCatalogue.Of(RejectReason.InstrumentRefused), ErrorCatalogue.Of(RejectReason.SymbolExists)], InstrumentJson.Shape);

    private static readonly Operation ChangeOperation = AdminOperation.Create("PUT", "/api/v1/admin/instruments/{symbol}", "ChangeInstrument",
        "Gives a symbol other terms: fees, brackets, bounds, funding. It must be without open orders; symbol, tick and lot stay as they are.",
        InstrumentBody.Shape, StatusCodes.Status200OK,
        [
            ErrorCatalogue.UnknownSymbol, ErrorCatalogue.Of(RejectReason.InstrumentRefused), ErrorCatalogue.Of(RejectReason.OpenOrders),
            ErrorCatalogue.Of(RejectReason.SymbolNotTrading),
        ], InstrumentJson.Shape);

    private static readonly Operation StateOperation = AdminOperation.Create("PUT", "/api/v1/admin/instruments/{symbol}/state", "SetInstrumentState",
        "Halts a symbol, lets it only reduce, or resumes it.", StateBody, StatusCodes.Status200OK,
        [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.Of(RejectReason.SymbolNotTrading)]);

    private static readonly Operation IndexOperation = AdminOperation.Create("PUT", "/api/v1/admin/index/{symbol}", "SetIndexPrice",
        "Posts an index price; the mark price follows from it.", IndexBody, StatusCodes.Status200OK,
        [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.PriceRange, ErrorCatalogue.Of(RejectReason.PriceBandOfIndex)]);

    private static readonly BodyShape SettleBody = new("SettleInstrument",
        new BodyField("price", FieldKind.Decimal, "At which every position closes; on the tick.", IsRequired: true));

    private static readonly Operation SettleOperation = AdminOperation.Create("POST", "/api/v1/admin/instruments/{symbol}/settlement", "SettleInstrument",
        "Delists a symbol for good: its orders are canceled, the mark moves to the price, and what is left of positions closes at it without a fee.",
        SettleBody, StatusCodes.Status200OK,
        [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.PriceRange, ErrorCatalogue.PriceTick, ErrorCatalogue.Of(RejectReason.SymbolNotTrading)]);

    public void Map(EdgeRoutes routes)
    {
        routes.Map(ChangeOperation, Change);
        routes.Map(SettleOperation, Settle);
        routes.Map(ListOperation, List);
        routes.Map(StateOperation, SetState);
        routes.Map(IndexOperation, SetIndex);
    }

    private async ValueTask<Problem?> List(EdgeRequest request)
    {
        if (InstrumentBody.Read(request.Body.Span, instruments.All.Count, out Instrument instrument) is { } problem)
            return problem;
        CommandReply reply = await venue.Bounded(venue.Exchange.List(instrument, CancellationToken.None));
        if (Venue.Refusal(reply, instrument) is { } refusal)
            return refusal;

        Answer answer = request.Begin();
        InstrumentJson.Write(answer.Json, instrument, InstrumentJson.AwaitingMark);
        request.Http.Response.Headers.Location = $"/api/v1/instruments/{instrument.Symbol}";
        request.Send(answer, StatusCodes.Status201Created);
        return null;
    }

    private async ValueTask<Problem?> Change(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument old) is { } unknown)
            return unknown;
        if (InstrumentBody.Read(request.Body.Span, old.SymbolId, out Instrument instrument) is { } problem)
            return problem;
        CommandReply reply = await venue.Bounded(venue.Exchange.Change(instrument, CancellationToken.None));
        if (Venue.Refusal(reply, instrument) is { } refusal)
            return refusal;

        Answer answer = request.Begin();
        InstrumentJson.Write(answer.Json, instrument, (int)venue.Exchange.GetState(instrument.SymbolId));
        request.Send(answer);
        return null;
    }

    private ValueTask<Problem?> SetState(EdgeRequest request)
    {
        var command = new Command { Kind = CommandKind.SetState };
        Problem? problem = ReadState(request.Body.Span, out int state);
        command.State = (TradingState)state;
        return problem is null ? Submit(request, command) : new(problem);
    }

    private ValueTask<Problem?> SetIndex(EdgeRequest request)
    {
        var command = new Command { Kind = CommandKind.SetIndex };
        Problem? problem = ReadIndex(request.Body.Span, out command.Amount);
        return problem is null ? Submit(request, command) : new(problem);
    }

    private async ValueTask<Problem?> Settle(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown)
            return unknown;
        var command = new Command { Kind = CommandKind.Settle };
        return ReadPrice(request.Body.Span, instrument, out command.PriceTicks) is { } problem ? problem : await Submit(request, instrument, command);
    }

    private async ValueTask<Problem?> Submit(EdgeRequest request, Command command) =>
        instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } unknown
            ? unknown
            : await Submit(request, instrument, command);

    private async ValueTask<Problem?> Submit(EdgeRequest request, Instrument instrument, Command command)
    {
        command.Symbol = instrument.SymbolId;
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, instrument) is { } refusal)
            return refusal;
        request.SendTime(reply.TimeMs);
        return null;
    }

    private static Problem? ReadState(ReadOnlySpan<byte> json, out int state)
    {
        state = 0;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        return JsonFields.Read(json, StateBody, tokens, out JsonFields fields) ?? fields.Name(0, States, 0, out state);
    }

    private static Problem? ReadPrice(ReadOnlySpan<byte> json, Instrument instrument, out long priceTicks)
    {
        priceTicks = 0;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        return JsonFields.Read(json, SettleBody, tokens, out JsonFields fields) ?? fields.Price(0, instrument.TickE8, out priceTicks);
    }

    private static Problem? ReadIndex(ReadOnlySpan<byte> json, out long priceE8)
    {
        priceE8 = 0;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, IndexBody, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.AmountE8(0, out priceE8) is { } problem)
            return problem;
        return priceE8 > 0 ? null : Problems.Field(ErrorCatalogue.PriceRange, "price", limit: "0.00000001");
    }
}

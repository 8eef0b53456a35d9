using System.Collections.Immutable;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>Amending and canceling orders, and the dead man's switch.</summary>
internal sealed class ChangeEndpoints(Venue venue, InstrumentTable instruments, OrderLocator locator)
{
    private static readonly BodyShape CancelAfterShape = new("CancelAfter",
        new BodyField("symbol", FieldKind.Text, "Whose orders.", IsRequired: true),
        new BodyField("timeoutMs", FieldKind.Integer, "Cancel all after this long unless called again; 0 stops it. At most a day.", IsRequired: true));

    private static readonly AnswerShape CancelAfterAnswer = new("CancelAfterSet",
        new AnswerField("symbol", AnswerKind.Text, "Whose orders."),
        new AnswerField("timeoutMs", AnswerKind.Integer, "As set."),
        new AnswerField("timeMs", AnswerKind.Integer, "The venue's time when it was set."));

    private static readonly ImmutableArray<QueryField> OptionalSymbol =
        [new("symbol", "Where the order is; needed only to save a look-up, or when a client id was used on several symbols.")];

    private static readonly ImmutableArray<QueryField> RequiredSymbol = [new("symbol", "Whose orders.", IsRequired: true)];

    public static readonly Operation AmendOperation = new("PATCH", "/api/v1/orders/{id}", "AmendOrder",
        "Changes price or total quantity of a limit order on the book; {id} is an order id, or client: and a client order id.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Body = AmendOrderBody.Shape, Query = OptionalSymbol, Answer = OrderJson.PlacedShape, Errors = OrderErrors.Amend,
    };

    public static readonly Operation CancelOperation = new("DELETE", "/api/v1/orders/{id}", "CancelOrder", "Cancels an open order.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Query = OptionalSymbol, Answer = OrderJson.Shape, Errors = OrderErrors.Find,
    };

    public static readonly Operation CancelAllOperation = new("DELETE", "/api/v1/orders", "CancelOrders",
        "Cancels all open orders of the account on a symbol, conditional ones too.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Query = RequiredSymbol, Answer = OrderJson.CanceledShape, Errors = [ErrorCatalogue.UnknownSymbol],
    };

    private static readonly Operation CancelAfterOperation = new("PUT", "/api/v1/cancel-after", "CancelAfter",
        "Dead man's switch: cancels all orders on a symbol unless it is called again in time.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Body = CancelAfterShape, Answer = CancelAfterAnswer,
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.Of(RejectReason.CountdownRange)],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(AmendOperation, new CommandHandler(Amend, TellAmended));
        routes.Map(CancelOperation, new CommandHandler(Cancel, TellCanceled));
        routes.Map(CancelAllOperation, new CommandHandler(CancelAll, TellAllCanceled));
        routes.Map(CancelAfterOperation, CancelAfter);
    }

    private async ValueTask<Submission> Amend(EdgeRequest request)
    {
        (Problem? problem, LocatedOrder? order) = await Locate(request);
        if (problem is not null)
            return Submission.Refused(problem);
        return AmendOrderBody.Read(request.Body.Span, order!.Instrument, out Command command) is { } malformed
            ? Submission.Refused(malformed)
            : Change(request, command, order);
    }

    // Mostly the symbol is named, so that the order is found at once.
    private async ValueTask<Submission> Cancel(EdgeRequest request)
    {
        (Problem? problem, LocatedOrder? order) = await Locate(request);
        return problem is null ? Change(request, new Command { Kind = CommandKind.Cancel }, order!) : Submission.Refused(problem);
    }

    // Apart from the awaiting methods, so that the large command lives on the stack and is never copied to the heap.
    private Submission Change(EdgeRequest request, Command command, LocatedOrder order)
    {
        command.Account = request.Account;
        order.Aim(ref command);
        return new Submission(null, venue.Submit(command), order.Instrument);
    }

    private static void TellAmended(EdgeRequest request, CommandReply reply, Instrument instrument)
    {
        Answer answer = request.Begin();
        OrderJson.WritePlaced(answer.Json, reply, PlaceEndpoints.Accepted(reply), instrument);
        request.Send(answer);
    }

    private static void TellCanceled(EdgeRequest request, CommandReply reply, Instrument instrument)
    {
        Answer answer = request.Begin();
        OrderJson.WriteOrder(answer.Json, PlaceEndpoints.Accepted(reply), instrument);
        request.Send(answer);
    }

    private ValueTask<Submission> CancelAll(EdgeRequest request)
    {
        if (instruments.Find(request.Query[0], "symbol", out Instrument instrument) is { } problem)
            return new(Submission.Refused(problem));
        var command = new Command { Kind = CommandKind.CancelAll, Account = request.Account, Symbol = instrument.SymbolId };
        return new(new Submission(null, venue.Submit(command), instrument));
    }

    private static void TellAllCanceled(EdgeRequest request, CommandReply reply, Instrument instrument)
    {
        Answer answer = request.Begin();
        OrderJson.WriteCanceled(answer.Json, reply, instrument);
        request.Send(answer);
    }

    private async ValueTask<Problem?> CancelAfter(EdgeRequest request)
    {
        if (ReadCancelAfter(request.Body.Span, out Command command, out Instrument instrument) is { } problem)
            return problem;
        command.Account = request.Account;
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, instrument) is { } refusal)
            return refusal;

        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("symbol"u8, instrument.Symbol);
        answer.Json.WriteNumber("timeoutMs"u8, command.Amount);
        answer.Json.WriteNumber("timeMs"u8, reply.TimeMs);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private async ValueTask<(Problem? Problem, LocatedOrder? Order)> Locate(EdgeRequest request) =>
        OrderLocator.ReadName(request, out OrderName name) is { } badName
            ? (badName, null)
            : await locator.Locate(request.Account, name, request.Query[0]);

    private Problem? ReadCancelAfter(ReadOnlySpan<byte> json, out Command command, out Instrument instrument)
    {
        command = new Command { Kind = CommandKind.Countdown };
        instrument = null!;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        if (JsonFields.Read(json, CancelAfterShape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.Text(0, scratch, out ReadOnlySpan<byte> symbol) is { } badText)
            return badText;
        if (instruments.Find(symbol, "symbol", out instrument) is { } unknown)
            return unknown;
        command.Symbol = instrument.SymbolId;
        return fields.Integer(1, WireLimits.LatestMs, out command.Amount);
    }
}

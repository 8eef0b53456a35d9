using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Limits;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Orders;

/// <summary>Placing orders, one or many.</summary>
internal sealed class PlaceEndpoints(Venue venue, PlaceOrderBody placeBody, ClientLimits limits)
{
    private const int BatchDepth = 2;

    private static readonly BodyShape BatchShape = new("PlaceBatch",
        new BodyField("orders", FieldKind.List, "1 to 100 orders, taken in this order.", IsRequired: true, Items: PlaceOrderBody.Shape));

    private static readonly AnswerShape BatchAnswer = new("BatchOutcome",
        new AnswerField("outcomes", AnswerKind.List, "One for each order, in order.", Shape: new AnswerShape("PlaceOutcome",
            new AnswerField("status", AnswerKind.Integer, "As a single place would have answered."),
            new AnswerField("order", AnswerKind.Object, "When it was accepted.", IsOptional: true, Shape: OrderJson.PlacedShape),
            new AnswerField("error", AnswerKind.Object, "When it was refused.", IsOptional: true, Shape: ProblemShape.Shape))));

    public static readonly Operation PlaceOperation = new("POST", "/api/v1/orders", "PlaceOrder",
        "Places an order; answers once it is durable, with its fills. 200 instead of 201: a repeat, answered by the first order as it now stands.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Body = PlaceOrderBody.Shape, Success = StatusCodes.Status201Created,
        Answer = OrderJson.PlacedShape, Errors = OrderErrors.Place,
    };

    public static readonly Operation BatchOperation = new("POST", "/api/v1/orders/batch", "PlaceOrders",
        "Places up to 100 orders, each with an outcome of its own.")
    {
        IsOrderEntry = true, Needs = Permissions.Trade, NeedsAccount = true, Body = BatchShape, MostBodyBytes = KestrelLimits.LargestBodyBytes,
        Answer = BatchAnswer, Errors = [ErrorCatalogue.BatchSize, ErrorCatalogue.OrderRate],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(PlaceOperation, new CommandHandler(Place, TellPlaced));
        routes.Map(BatchOperation, PlaceBatch);
    }

    private ValueTask<Submission> Place(EdgeRequest request)
    {
        Problem? problem = placeBody.Read(request.Body.Span, request.Account, out Command command, out Instrument instrument);
        return new(problem is null ? new Submission(null, venue.Submit(command), instrument) : Submission.Refused(problem));
    }

    private static void TellPlaced(EdgeRequest request, CommandReply reply, Instrument instrument)
    {
        OrderView order = Accepted(reply);
        Answer answer = request.Begin();
        OrderJson.WritePlaced(answer.Json, reply, order, instrument);
        if (!reply.IsRepeat)
            request.Http.Response.Headers.Location = $"/api/v1/orders/{order.OrderId}";
        request.Send(answer, reply.IsRepeat ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private async ValueTask<Problem?> PlaceBatch(EdgeRequest request)
    {
        if (FindItems(request.Body.Span, out List<Range> items) is { } malformed)
            return malformed;
        if (limits.TakeOrders(request.Http, request.Account, items.Count) is { } tooMany)
            return tooMany;

        var outcomes = new BatchOutcome[items.Count];
        for (int i = 0; i < outcomes.Length; i++)
            outcomes[i] = SubmitItem(request.Body.Span[items[i]], request.Account);
        foreach (BatchOutcome outcome in outcomes)
            await outcome.Settle();

        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("outcomes"u8);
        foreach (BatchOutcome outcome in outcomes)
            outcome.Write(answer.Json);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private BatchOutcome SubmitItem(ReadOnlySpan<byte> json, uint account)
    {
        Problem? problem = placeBody.ReadItem(json, BatchDepth, account, out Command command, out Instrument instrument);
        return problem is not null ? new BatchOutcome(problem) : new BatchOutcome(venue.Submit(command), instrument);
    }

    private static Problem? FindItems(ReadOnlySpan<byte> json, out List<Range> items)
    {
        items = [];
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, BatchShape, tokens, out JsonFields fields) is { } problem)
            return problem;
        if (fields.Objects(0, WireLimits.BatchOrders, items) is { } wrongItem)
            return wrongItem;
        return items.Count is >= 1 and <= WireLimits.BatchOrders
            ? null
            : new Problem(ErrorCatalogue.BatchSize) { Field = "orders", Limit = $"{WireLimits.BatchOrders}" };
    }

    internal static OrderView Accepted(CommandReply reply) =>
        reply.Order ?? throw new InvalidOperationException("The venue accepted an order and did not tell it.");
}

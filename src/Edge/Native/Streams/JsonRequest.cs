using System.Text;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Signatures;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>A JSON message of a client, read as strictly as bodies are.</summary>
internal sealed class JsonRequest : StreamRequest
{
    private const int IdField = 0;
    private const int OpField = 1;
    private const int ChannelsField = 2;
    private const int Token = 3;
    private const int Key = 4;
    private const int Timestamp = 5;
    private const int Signature = 6;
    private const int Window = 7;
    private const int OrderField = 8;
    private const int SymbolField = 9;
    private const int CursorField = 10;
    private const int BodyField = 11;
    private const int BodyDepth = 1;

    private static readonly WireNames Ops =
        new("subscribe", "unsubscribe", "authenticate", "order.place", "order.amend", "order.cancel", "order.cancelAll");

    private static readonly BodyShape Shape = new("StreamRequest",
        new BodyField("id", FieldKind.Integer, "Comes back with the answer."),
        new BodyField("op", FieldKind.Text, "What to do.", IsRequired: true, Ops.All),
        new BodyField("channels", FieldKind.List, "For subscribe and unsubscribe."),
        new BodyField("token", FieldKind.Text, "For authenticate: a bearer token; or the following."),
        new BodyField("key", FieldKind.Text, "As X-Key."),
        new BodyField("timestamp", FieldKind.Integer, "As X-Timestamp."),
        new BodyField("signature", FieldKind.Text, "As X-Signature, over timestamp, GET, /api/v1/stream and nothing."),
        new BodyField("recvWindow", FieldKind.Integer, "As X-Recv-Window."),
        new BodyField("order", FieldKind.Text, "For order.amend and order.cancel: an order id, or client: and a client order id."),
        new BodyField("symbol", FieldKind.Text, "For order.cancelAll whose orders; for order.amend and order.cancel where the order is."),
        new BodyField("cursor", FieldKind.Text, "For subscribe: the last cursor that came; the account's channels go on from there."),
        new BodyField("body", FieldKind.Object, "For order.place and order.amend: as over HTTP."));

    private readonly ReadOnlyMemory<byte> _json;
    private Range _body;

    private JsonRequest(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>Reads a message, which must not change until the request was carried out.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> json, InstrumentTable instruments, out StreamRequest request)
    {
        var read = new JsonRequest(json);
        request = read;
        return read.Read(instruments);
    }

    public override Problem? ReadPlace(PlaceOrderBody reader, uint account, out Command command, out Instrument instrument) =>
        reader.ReadItem(_json.Span[_body], BodyDepth, account, out command, out instrument);

    public override Problem? ReadAmend(Instrument instrument, out Command command) =>
        AmendOrderBody.ReadItem(_json.Span[_body], BodyDepth, instrument, out command);

    private Problem? Read(InstrumentTable instruments)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(_json.Span, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.Has(IdField))
        {
            if (fields.Integer(IdField, LargestId, out long id) is { } badId)
                return badId;
            Id = id;
        }

        if (fields.Name(OpField, Ops, 0, out int op) is { } badOp)
            return badOp;
        Op = (StreamOp)op;
        return Op switch
        {
            StreamOp.Subscribe or StreamOp.Unsubscribe => ReadChannels(fields, instruments),
            StreamOp.Authenticate => ReadCredentials(fields),
            StreamOp.Place => ReadBody(fields),
            StreamOp.Amend => ReadOrder(fields) ?? ReadBody(fields),
            StreamOp.Cancel => ReadOrder(fields),
            _ => ReadSymbol(fields, isRequired: true),
        };
    }

    private Problem? ReadChannels(in JsonFields fields, InstrumentTable instruments)
    {
        if (!fields.Has(ChannelsField))
            return Problems.Missing("channels");
        if (fields.Has(CursorField))
        {
            if (Text(fields, CursorField, out string cursor) is { } badCursor)
                return badCursor;
            Cursor = cursor;
        }

        var names = new List<string>();
        return fields.Texts(ChannelsField, StreamHub.ChannelsPerStream, names) ?? ReadChannels(names, instruments);
    }

    private Problem? ReadCredentials(in JsonFields fields)
    {
        if (fields.Has(Token))
        {
            Problem? problem = Text(fields, Token, out string token);
            TokenText = token;
            return problem;
        }

        foreach (int field in (ReadOnlySpan<int>)[Key, Timestamp, Signature])
        {
            if (!fields.Has(field))
                return Problems.Missing(fields.NameOf(field));
        }

        if (Text(fields, Key, out string key) is { } badKey)
            return badKey;
        if (Text(fields, Signature, out string signature) is { } badSignature)
            return badSignature;
        if (fields.Integer(Timestamp, WireLimits.LatestMs, out long timestampMs) is { } badTime)
            return badTime;
        long windowMs = Authenticator.DefaultWindowMs;
        if (fields.Has(Window) && fields.Integer(Window, SignatureMemory.WidestWindowMs, out windowMs) is { } badWindow)
            return badWindow;
        Signed = new SignedHeaders(key, $"{timestampMs}", signature, $"{windowMs}");
        return null;
    }

    private Problem? ReadOrder(in JsonFields fields)
    {
        if (!fields.Has(OrderField))
            return Problems.Missing("order");
        if (Text(fields, OrderField, out string text) is { } badText)
            return badText;
        if (OrderLocator.ReadName(text, "order", out OrderName order) is { } badName)
            return badName;
        Order = order;
        return ReadSymbol(fields, isRequired: false);
    }

    private Problem? ReadSymbol(in JsonFields fields, bool isRequired)
    {
        if (!fields.Has(SymbolField))
            return isRequired ? Problems.Missing("symbol") : null;
        Problem? problem = Text(fields, SymbolField, out string symbol);
        Symbol = symbol;
        return problem;
    }

    private Problem? ReadBody(in JsonFields fields) => fields.Has(BodyField) ? fields.Object(BodyField, out _body) : Problems.Missing("body");

    private static Problem? Text(in JsonFields fields, int field, out string text)
    {
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        Problem? problem = fields.Text(field, scratch, out ReadOnlySpan<byte> utf8);
        text = Encoding.Latin1.GetString(utf8);
        return problem;
    }
}

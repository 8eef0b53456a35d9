using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Streams;

/// <summary>What a client asks of its stream.</summary>
internal enum StreamOp
{
    Subscribe = 0,
    Unsubscribe = 1,
    Authenticate = 2,
}

/// <summary>A message of a client, read strictly as bodies are.</summary>
internal sealed class StreamRequest
{
    private const int Id = 0;
    private const int Op = 1;
    private const int ChannelsField = 2;
    private const int Token = 3;
    private const int Key = 4;
    private const int Timestamp = 5;
    private const int Signature = 6;
    private const int Window = 7;

    /// <summary>Whole numbers up to here survive every client's JSON.</summary>
    private const long LargestId = (1L << 53) - 1;

    private static readonly WireNames Ops = new("subscribe", "unsubscribe", "authenticate");

    private static readonly BodyShape Shape = new("StreamRequest",
        new BodyField("id", FieldKind.Integer, "Comes back with the answer."),
        new BodyField("op", FieldKind.Text, "What to do.", IsRequired: true, Ops.All),
        new BodyField("channels", FieldKind.List, "For subscribe and unsubscribe."),
        new BodyField("token", FieldKind.Text, "For authenticate: a bearer token; or the following."),
        new BodyField("key", FieldKind.Text, "As X-Key."),
        new BodyField("timestamp", FieldKind.Integer, "As X-Timestamp."),
        new BodyField("signature", FieldKind.Text, "As X-Signature, over timestamp, GET, /api/v1/stream and nothing."),
        new BodyField("recvWindow", FieldKind.Integer, "As X-Recv-Window."));

    public long? RequestId { get; private set; }

    public StreamOp Kind { get; private set; }

    public List<StreamChannel> Channels { get; } = [];

    /// <summary>Null: signed.</summary>
    public string? TokenText { get; private set; }

    public SignedHeaders Signed { get; private set; }

    /// <summary>Reads a message; <see cref="RequestId"/> is set as soon as it is known, also when the rest is refused.</summary>
    public Problem? Read(ReadOnlySpan<byte> json, InstrumentTable instruments)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.Has(Id))
        {
            if (fields.Integer(Id, LargestId, out long id) is { } badId)
                return badId;
            RequestId = id;
        }

        if (fields.Name(Op, Ops, 0, out int op) is { } badOp)
            return badOp;
        Kind = (StreamOp)op;
        return Kind == StreamOp.Authenticate ? ReadCredentials(fields) : ReadChannels(fields, instruments);
    }

    private Problem? ReadChannels(in JsonFields fields, InstrumentTable instruments)
    {
        if (!fields.Has(ChannelsField))
            return Problems.Missing("channels");
        var names = new List<string>();
        if (fields.Texts(ChannelsField, StreamHub.ChannelsPerStream, names) is { } malformed)
            return malformed;
        if (names.Count > StreamHub.ChannelsPerStream)
            return new Problem(ErrorCatalogue.TooManyChannels) { Limit = $"{StreamHub.ChannelsPerStream}" };
        foreach (string name in names)
        {
            if (StreamChannel.Parse(name, instruments, out StreamChannel channel) is { } problem)
                return problem;
            Channels.Add(channel);
        }

        return null;
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
        if (fields.Has(Window) && fields.Integer(Window, Authenticator.WidestWindowMs, out windowMs) is { } badWindow)
            return badWindow;
        Signed = new SignedHeaders(key, $"{timestampMs}", signature, $"{windowMs}");
        return null;
    }

    private static Problem? Text(in JsonFields fields, int field, out string text)
    {
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        Problem? problem = fields.Text(field, scratch, out ReadOnlySpan<byte> utf8);
        text = System.Text.Encoding.Latin1.GetString(utf8);
        return problem;
    }
}

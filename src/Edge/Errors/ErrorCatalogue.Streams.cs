namespace Exchange.Edge.Errors;

/// <summary>Errors of streams: told in a message with the request's id, or as the last words before the close.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry UpgradeRequired = new("UPGRADE_REQUIRED", 400,
        "This path is for WebSocket connections.", "Connect with ws:// or wss:// instead of http.");

    public static readonly ErrorEntry BadChannel = new("BAD_CHANNEL", 400,
        "There is no such channel.", "`limit` lists the forms a channel may have.");

    public static readonly ErrorEntry TooManyChannels = new("TOO_MANY_CHANNELS", 422,
        "A stream may have at most 200 channels.", "Unsubscribe some, or open another connection.");

    public static readonly ErrorEntry AlreadyAuthenticated = new("ALREADY_AUTHENTICATED", 422,
        "The stream belongs to an account already.", "Open another connection for another account.");

    public static readonly ErrorEntry TooManyMessages = new("TOO_MANY_MESSAGES", 429,
        "The stream got more than 50 messages a second.", "Name many channels in one message; the stream is closed with 1008.");

    public static readonly ErrorEntry CursorTooOld = new("CURSOR_TOO_OLD", 410,
        "What happened since the cursor is not all known here any more.",
        "Nothing was subscribed. Subscribe without the cursor, then read own orders, fills and the account over HTTP.");

    public static readonly ErrorEntry AlreadyResumed = new("ALREADY_RESUMED", 422,
        "The stream has been resumed from a cursor already.", "Name all channels of the account in one subscription; a new connection may resume again.");

    public static readonly ErrorEntry TooManyInFlight = new("TOO_MANY_IN_FLIGHT", 429,
        "The stream has as many order commands unanswered as it may have.",
        "Nothing was done. Wait for an answer before the next command; `limit` tells how many may be unanswered.");

    public static readonly ErrorEntry MessageTooLarge = new("MESSAGE_TOO_LARGE", 413,
        "A message on a stream may have at most 64 KiB.", "Split it; the stream is closed with 1009.");

    public static readonly ErrorEntry MessageNotText = new("MESSAGE_NOT_TEXT", 415,
        "A stream without a subprotocol takes text frames only.", "Send JSON as text; the stream is closed with 1003.");

    public static readonly ErrorEntry MessageNotBinary = new("MESSAGE_NOT_BINARY", 415,
        "A stream of subprotocol exchange.v1.protobuf takes binary frames only.", "Send a ClientFrame as binary; the stream is closed with 1003.");

    public static readonly ErrorEntry MalformedProtobuf = new("MALFORMED_PROTOBUF", 400,
        "The frame is no ClientFrame of exchange.v1.", "Nothing of it was done. The messages are in src/Edge/Protos/stream.proto.");

    public static readonly ErrorEntry SlowConsumer = new("SLOW_CONSUMER", 503,
        "The client did not take its messages as fast as they came.",
        "Subscribe to fewer channels or wider windows, or read faster; the stream is closed with 1008. Begin anew from a snapshot.");

    public static readonly ErrorEntry StreamReset = new("STREAM_RESET", 503,
        "The server lost its place in the stream.", "Connect and subscribe again, and read own orders anew; the stream is closed with 1012.");

    private static ErrorEntry[] Streams =>
    [
        UpgradeRequired, BadChannel, TooManyChannels, AlreadyAuthenticated, CursorTooOld, AlreadyResumed, TooManyMessages, TooManyInFlight,
        MessageTooLarge, MessageNotText, MessageNotBinary, MalformedProtobuf, SlowConsumer, StreamReset,
    ];
}

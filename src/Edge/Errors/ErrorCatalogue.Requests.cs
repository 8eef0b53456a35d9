namespace Exchange.Edge.Errors;

/// <summary>Errors of the request itself, found before anything reaches the venue.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry MalformedJson = new("MALFORMED_JSON", 400,
        "The body is not one well-formed JSON object.",
        "Send exactly one JSON object in UTF-8 without byte order mark, comments or trailing commas.");

    public static readonly ErrorEntry JsonTooDeep = new("JSON_TOO_DEEP", 400,
        "The body is nested deeper than 8 levels.", "No request needs more than three levels.");

    public static readonly ErrorEntry UnknownField = new("UNKNOWN_FIELD", 400,
        "The body has a field this request does not know.", "Remove it; `limit` lists the fields that are known.");

    public static readonly ErrorEntry DuplicateField = new("DUPLICATE_FIELD", 400,
        "A field is given twice.", "Give each field once: which of two would count is nobody's to guess.");

    public static readonly ErrorEntry MissingField = new("MISSING_FIELD", 400,
        "A required field is missing.", "Add the field named in `field`.");

    public static readonly ErrorEntry WrongType = new("WRONG_TYPE", 400,
        "A field has the wrong JSON type.",
        "Prices, quantities, money and ids are strings, times and leverage are numbers; leave out what you do not mean instead of sending null.");

    public static readonly ErrorEntry BadDecimal = new("BAD_DECIMAL", 400,
        "A price, quantity or amount is not a plain decimal.",
        "Use ASCII digits with at most one point, up to 20 digits before and 8 after it; no sign, exponent or spaces.");

    public static readonly ErrorEntry BadInteger = new("BAD_INTEGER", 400,
        "A whole number is malformed or out of its range.", "Use ASCII digits only; `limit` tells the largest value.");

    public static readonly ErrorEntry BadValue = new("BAD_VALUE", 400,
        "A field has a value that is not one of those allowed.", "`limit` lists the allowed values; they are lower case.");

    public static readonly ErrorEntry BadSymbol = new("BAD_SYMBOL", 400,
        "A symbol is not 1 to 24 of A-Z 0-9 _ - .", "Use a symbol as GET /api/v1/instruments tells it.");

    public static readonly ErrorEntry BadId = new("BAD_ID", 400,
        "An id is not a decimal number of at most 19 digits.", "Use ids as the API told them.");

    public static readonly ErrorEntry BadClientId = new("BAD_CLIENT_ID", 400,
        "A client order id or transfer id is not made of 1 to 36 of the characters it may have.",
        "It may have letters, digits and . _ : / - (ASCII); in paths percent-encode it.");

    public static readonly ErrorEntry BadCursor = new("BAD_CURSOR", 400,
        "The cursor is not one this list gave out.", "Begin without a cursor, then use nextCursor as it is.");

    public static readonly ErrorEntry MalformedQuery = new("MALFORMED_QUERY", 400,
        "The query string is malformed.", "Separate name=value pairs by & and percent-encode once, in UTF-8.");

    public static readonly ErrorEntry UnknownParameter = new("UNKNOWN_PARAMETER", 400,
        "The query has a parameter this request does not know.", "Remove it; `limit` lists the parameters that are known.");

    public static readonly ErrorEntry DuplicateParameter = new("DUPLICATE_PARAMETER", 400,
        "A query parameter is given twice.", "Give each parameter once.");

    public static readonly ErrorEntry UnexpectedBody = new("UNEXPECTED_BODY", 400,
        "This request takes no body.", "Send its parameters in the query.");

    public static readonly ErrorEntry AmbiguousLength = new("AMBIGUOUS_LENGTH", 400,
        "The request has both a Content-Length and a Transfer-Encoding, or one that is not simply chunked.", "Send one of the two; the connection is closed.");

    public static readonly ErrorEntry BadHeader = new("BAD_HEADER", 400,
        "A header is malformed or given twice.", "See `field` for its name and `limit` for what would have passed.");

    public static readonly ErrorEntry BadRequest = new("BAD_REQUEST", 400,
        "The request breaks HTTP.", "Use a current HTTP client.");

    public static readonly ErrorEntry NotFound = new("NOT_FOUND", 404,
        "There is nothing at this path.", "The paths are listed at /docs and in /openapi/v1.json.");

    public static readonly ErrorEntry MethodNotAllowed = new("METHOD_NOT_ALLOWED", 405,
        "This path does not take this method.", "The Allow header lists those it takes.");

    public static readonly ErrorEntry RequestTimeout = new("REQUEST_TIMEOUT", 408,
        "The body came too slowly.", "Send the whole request at once.");

    public static readonly ErrorEntry BodyTooLarge = new("BODY_TOO_LARGE", 413,
        "The body is larger than this request may be.", "The limit is 64 KiB, 1 MiB for batches; nothing was read beyond it.");

    public static readonly ErrorEntry UnsupportedMediaType = new("UNSUPPORTED_MEDIA_TYPE", 415,
        "The body is not declared as plain JSON.", "Send Content-Type: application/json and no Content-Encoding.");

    public static readonly ErrorEntry PriceTick = new("PRICE_TICK", 422,
        "A price is not a multiple of the tick size.", "`limit` is the tick size, `nearest` the prices around it.");

    public static readonly ErrorEntry QtyStep = new("QTY_STEP", 422,
        "A quantity is not a multiple of the lot size.", "`limit` is the lot size, `nearest` the quantities around it.");

    public static readonly ErrorEntry BatchSize = new("BATCH_SIZE", 422,
        "A batch has no orders or more than 100.", "Send 1 to 100 orders a batch.");

    public static readonly ErrorEntry Internal = new("INTERNAL", 500,
        "The server failed.", "It is not your fault; quote X-Request-Id when you report it.");

    public static readonly ErrorEntry NotReady = new("NOT_READY", 503,
        "The server is starting (it recovers the venue's state, or runs its request path for the first time), stopping, or can make nothing durable at present.",
        "Repeat after Retry-After seconds; /health/ready tells when it is up.");

    public static readonly ErrorEntry VenueStopped = new("VENUE_STOPPED", 503,
        "The venue has stopped taking commands.", "Nothing was done. An operator has to restart it.");

    public static readonly ErrorEntry AuditUnavailable = new("AUDIT_UNAVAILABLE", 503,
        "The server can no longer record what administrators and keys do.", "Nothing was done. An operator has to look at its disk (and restart it) or at the database; trading goes on.");

    public static readonly ErrorEntry HistoryUnavailable = new("HISTORY_UNAVAILABLE", 503,
        "What is asked for lies further back than the server has at hand, and the history's database does not answer or is behind.",
        "Repeat after Retry-After seconds with the same cursor; what is recent is answered meanwhile.");

    public static readonly ErrorEntry OutcomeUnknown = new("OUTCOME_UNKNOWN", 504,
        "Whether the command was carried out is unknown.",
        "Repeat it with the same clientOrderId or transferId: what was done is answered, not done again.");

    private static ErrorEntry[] Requests =>
    [
        MalformedJson, JsonTooDeep, UnknownField, DuplicateField, MissingField, WrongType, BadDecimal, BadInteger, BadValue, BadSymbol,
        BadId, BadClientId, BadCursor, MalformedQuery, UnknownParameter, DuplicateParameter, UnexpectedBody, AmbiguousLength, BadHeader,
        BadRequest, NotFound, MethodNotAllowed, RequestTimeout, BodyTooLarge, UnsupportedMediaType, PriceTick, QtyStep, BatchSize,
        Internal, NotReady, VenueStopped, AuditUnavailable, HistoryUnavailable, OutcomeUnknown,
    ];
}

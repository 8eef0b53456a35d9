namespace Exchange.Edge.Errors;

/// <summary>Errors of clients that ask for more than their share.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry TooManyRequests = new("TOO_MANY_REQUESTS", 429,
        "The requests of the address or the key are used up for now.",
        "Repeat after Retry-After seconds. RateLimit-Policy names which of the two, RateLimit-Remaining is what is left of `limit`; read streams instead of asking again and again.");

    public static readonly ErrorEntry OrderRate = new("ORDER_RATE", 429,
        "The account has placed and amended as many orders as it may for now.",
        "Nothing was done. Repeat after Retry-After seconds with the same clientOrderId; cancels are counted apart and pass.");

    public static readonly ErrorEntry CancelRate = new("CANCEL_RATE", 429,
        "The account or its address has canceled as often as it may for now.",
        "Repeat after Retry-After seconds, or cancel all orders of a symbol in one request.");

    public static readonly ErrorEntry TooManyStreams = new("TOO_MANY_STREAMS", 429,
        "The address or the key has as many streams open as it may have.", "Close one, or carry more channels on each; `limit` is their number.");

    public static readonly ErrorEntry Banned = new("BANNED", 418,
        "The address went on asking after it was refused, and is shut out for a while.",
        "Nothing but cancels passes before Retry-After seconds are over; who goes on meanwhile is shut out anew, each time for twice as long.");

    private static ErrorEntry[] Limits => [TooManyRequests, OrderRate, CancelRate, TooManyStreams, Banned];
}

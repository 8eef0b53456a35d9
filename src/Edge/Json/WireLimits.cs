namespace Exchange.Edge.Json;

/// <summary>Bounds of what the wire carries, apart from the venue's own.</summary>
internal static class WireLimits
{
    /// <summary>The last millisecond of the year 9999: the latest time that every client can show.</summary>
    public const long LatestMs = 253_402_300_799_999;

    /// <summary>Orders in a batch.</summary>
    public const int BatchOrders = 100;

    /// <summary>Rows of a page, at most and when not said.</summary>
    public const int PageRows = 1_000;
    public const int DefaultPageRows = 100;

    /// <summary>Levels of a book, at most and when not said.</summary>
    public const int BookLevels = 5_000;
    public const int DefaultBookLevels = 50;
}

namespace Exchange.Core;

/// <summary>Every bound of the machines, with what happens at it. docs/limits.md tells them to operators.</summary>
public static class Limits
{
    /// <summary>Unacknowledged events an account may have in a book; then its orders there are canceled and new ones refused.</summary>
    public const int OutboxPerAccount = 65_536;

    /// <summary>Unacknowledged events of a book; then the account with the most is treated as over its own limit.</summary>
    public const int OutboxPerBook = 4_000_000;

    /// <summary>Commands an account may send to a book in one batch.</summary>
    public const int CommandsPerBatch = 128;

    /// <summary>Commands of an account that may wait for a book in a cluster; beyond it they are refused as overloaded.</summary>
    public const int CommandsQueued = 1_024;

    /// <summary>Orders of an account and symbol whose client order id is remembered.</summary>
    public const int ClientIdsPerAccount = 1_024;

    /// <summary>Client order ids a book remembers over all accounts; beyond it the oldest are forgotten first.</summary>
    public const int ClientIdsPerBook = 4_000_000;

    /// <summary>A countdown's longest time, ms.</summary>
    public const long CountdownMs = 86_400_000;

    /// <summary>Candles with trades kept of each symbol and interval; beyond it the oldest is dropped.</summary>
    public const int CandlesPerInterval = 1_500;

    /// <summary>Candles kept of each symbol's mark, and of its index, of each interval; they come every second, traded or not.</summary>
    public const int PriceCandlesPerInterval = 500;
}

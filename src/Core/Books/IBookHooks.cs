namespace Exchange.Core.Books;

/// <summary>What a host that runs accounts and books in one process adds: fresh equities and one trigger order over all books.</summary>
/// <remarks>Without hooks (a cluster) a book goes by the equities last reported and works its own trigger queue.</remarks>
public interface IBookHooks
{
    /// <summary>An order joined this book's trigger queue.</summary>
    void Met(OrderBook book);

    /// <summary>Something is about to depend on the account's equities here: report those of now.</summary>
    void RefreshEquity(OrderBook book, uint account);

    /// <summary>
    /// Auto-deleveraging is about to rank. A ranking from before is taken as it is, so whoever has moved since is told to
    /// <see cref="OrderBook.Rerank(uint)"/>, or all of it forgotten.
    /// </summary>
    void PrepareRanking(OrderBook book);

    /// <summary>Equity of the pool that a position belongs to, after all that was reported to the account, 1e-8.</summary>
    long PoolEquityE8(OrderBook book, uint account, int leg);
}

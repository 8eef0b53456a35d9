namespace Exchange.Core.Books;

/// <summary>What a host that runs accounts and books in one process adds: fresh equities and one trigger order over all books.</summary>
/// <remarks>Without hooks (a cluster) a book goes by the equities last reported and works its own trigger queue.</remarks>
public interface IBookHooks
{
    /// <summary>An order joined this book's trigger queue.</summary>
    void Met(OrderBook book);

    /// <summary>A triggered order that closes something is about to start: report the account's equities of now.</summary>
    void RefreshEquity(OrderBook book, uint account);

    /// <summary>Auto-deleveraging is about to rank: report the equities of all accounts with positions here.</summary>
    void RefreshAllEquities(OrderBook book);
}

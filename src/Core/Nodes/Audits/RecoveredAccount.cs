using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Audits;

/// <summary>Brings an account up as its next activation would: from its last write and what the books say. Nothing is sent.</summary>
public static class RecoveredAccount
{
    /// <param name="epoch">The last one given out of its stream.</param>
    /// <param name="books">Each listed, by symbol id.</param>
    /// <exception cref="SnapshotException">The state is damaged, or another account's.</exception>
    /// <exception cref="InvariantException">State and books contradict each other.</exception>
    public static MarginAccount Of(uint account, uint epoch, ReadOnlyMemory<byte> state, IReadOnlyList<BookNode> books, MarketTable market)
    {
        var output = new AccountOutput();
        var link = new LinkedAccount(account);
        if (!state.IsEmpty)
            link.Read(new SnapshotReader(state));
        link.Start(epoch + 1, market, timeMs: 0, output);
        foreach (BookNode node in books)
        {
            OrderBook book = node.Book!;
            var orders = new List<OpenOrder>();
            book.CopyOpenOrders(account, orders);
            BookEvent[] events = book.CopyEvents(account, link.Account.LastEventOf(node.Symbol), int.MaxValue);
            link.OnRegistered(
                node.Symbol, epoch + 1, RejectReason.None, orders.ToArray(), events, [], book.LastNumber(account), market, timeMs: 0, output);
        }

        return link.Account;
    }
}

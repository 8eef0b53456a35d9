using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Orders;

namespace Exchange.Core.Nodes.Audits;

/// <summary>Holds what a cluster has made durable, as of one moment, against the rules of money.</summary>
/// <remarks>
/// Machines say nothing before it is durable, so whatever moment is looked at, accounts brought up from their states and the books'
/// events agree with the books, and money is conserved with what is in flight (docs/protocol.md 8, docs/rules/invariants.md 1, 2).
/// Give it every account once, then ask for <see cref="Finish"/>.
/// </remarks>
public sealed class ClusterAudit
{
    private const int MostFaults = 100;
    private readonly BookNode[] _books;
    private readonly ClearingHouse _clearing;
    private readonly MarketTable _market = new();
    private readonly Int128[] _lots;
    private readonly List<string> _faults = [];
    private AuditFigures _sums = new();

    /// <param name="books">By symbol id, from 0 on, with all durable records replayed; so marks, one each, and Clearing.</param>
    public ClusterAudit(IReadOnlyList<BookNode> books, IReadOnlyList<MarkNode> marks, ClearingNode clearing)
    {
        _books = [.. books.TakeWhile(book => book.Book is not null)];
        _clearing = clearing.House;
        _lots = new Int128[_books.Length];
        foreach (BookNode book in _books)
        {
            int symbol = _market.Add(book.Book!.Instrument);
            _market[symbol].State = book.Book.State;
            _market[symbol].MarkTicks = marks[symbol].Mark?.MarkTicks ?? 0;
        }
    }

    /// <summary>What does not hold; empty: all does. No more than the first hundred.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Takes an account as it would come up now.</summary>
    /// <param name="epoch">The last one given out of its stream.</param>
    /// <param name="state">Its last durable write.</param>
    public void Add(uint account, uint epoch, ReadOnlyMemory<byte> state)
    {
        try
        {
            MarginAccount recovered = RecoveredAccount.Of(account, epoch, state, _books, _market);
            recovered.CheckInvariants(_market);
            foreach (BookNode book in _books)
                Compare(recovered, book);
            Sum(recovered);
        }
        catch (Exception broken) when (broken is InvariantException or Wire.SnapshotException or OverflowException)
        {
            Found($"account {account} cannot be brought up: {broken.Message}");
        }
    }

    /// <summary>All accounts have been added: what they are together must be what books and Clearing say.</summary>
    public AuditFigures Finish()
    {
        _sums = _sums with { FundE8 = (Int128)_clearing.FundE8 + _clearing.GrantedE8, SeedE8 = _clearing.SeedE8 };
        foreach (BookNode node in _books)
        {
            OrderBook book = node.Book!;
            _sums = _sums with
            {
                Books = _sums.Books + 1, OpenOrders = _sums.OpenOrders + book.OpenOrderCount,
                InFlightE8 = _sums.InFlightE8 + book.OpenFundingE8 + book.UnsettledE8 + node.RemaindersE8 - _clearing.RemaindersE8Of(node.Symbol),
            };
            CheckBook(node, book);
        }

        if (_sums.InsideE8 != _sums.OutsideE8)
            Found($"{_sums.InsideE8} is inside and {_sums.OutsideE8} came in, both in 1e-8: a difference of {_sums.InsideE8 - _sums.OutsideE8}");
        if (_clearing.FundE8 < 0)
            Found($"the insurance fund holds {_clearing.FundE8}");
        return _sums;
    }

    private void CheckBook(BookNode node, OrderBook book)
    {
        try
        {
            book.CheckInvariants();
        }
        catch (InvariantException broken)
        {
            Found($"{node.Id}: {broken.Message}");
        }

        var accounts = new List<uint>();
        book.CopyAccounts(accounts);
        Int128 net = 0;
        Int128 gross = 0;
        foreach (uint account in accounts)
        {
            for (int leg = 0; leg < 2; leg++)
            {
                net += book.Position(account, leg);
                gross += Math.Abs(book.Position(account, leg));
            }
        }

        if (net != 0 && book.State != TradingState.Settled)
            Found($"the positions in {node.Id} sum to {net} lots");
        if (gross != _lots[node.Symbol])
            Found($"{node.Id} knows of {gross} lots long and short, the accounts of {_lots[node.Symbol]}");
    }

    private void Compare(MarginAccount account, BookNode node)
    {
        OrderBook book = node.Book!;
        if (account.LastEventOf(node.Symbol) != book.LastNumber(account.Id))
            Found($"account {account.Id} has applied {account.LastEventOf(node.Symbol)} of {book.LastNumber(account.Id)} events of {node.Id}");
        for (int leg = 0; leg < 2; leg++)
        {
            PositionLeg position = account.PositionOf(node.Symbol, leg);
            _lots[node.Symbol] += Math.Abs(position.Lots);
            if (position.Lots != book.Position(account.Id, leg) || position.CostE8 != book.PositionCostE8(account.Id, leg))
            {
                Found($"account {account.Id} has {position.Lots} lots at a cost of {position.CostE8} in {node.Id}, which says "
                    + $"{book.Position(account.Id, leg)} at {book.PositionCostE8(account.Id, leg)}");
            }
        }
    }

    private void Sum(MarginAccount account)
    {
        Int128 inFlightE8 = 0;
        foreach (ref readonly OpenClose close in account.OpenCloses)
        {
            if (close.IsKnown && !_clearing.HasSettled(account.Id, close.Liquidation, close.Step))
                inFlightE8 += close.EarnedE8 - close.SpentE8;
        }

        _sums = _sums with
        {
            Accounts = _sums.Accounts + 1,
            WalletsE8 = _sums.WalletsE8 + account.WalletAndMarginsE8,
            SignedCostE8 = _sums.SignedCostE8 + account.SignedCostE8,
            FeesE8 = _sums.FeesE8 + account.Totals.FeesE8,
            DepositsE8 = _sums.DepositsE8 + account.Totals.DepositsE8,
            WithdrawalsE8 = _sums.WithdrawalsE8 + account.Totals.WithdrawalsE8,
            InFlightE8 = _sums.InFlightE8 + inFlightE8,
        };
    }

    private void Found(string fault)
    {
        if (_faults.Count < MostFaults)
            _faults.Add(fault);
    }
}

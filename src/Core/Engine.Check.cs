using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Core;

// What must hold over all machines (docs/rules/invariants.md 10); tests ask often, hosts on every snapshot.
public sealed partial class Engine
{
    /// <summary>Money (10.1): throws <see cref="InvariantException"/> unless every unit is accounted for.</summary>
    public void CheckMoney()
    {
        Int128 inside = (Int128)_clearing.FundE8 + _clearing.GrantedE8 + _clearing.FeesE8;
        foreach (MarginAccount? account in _accounts)
        {
            if (account is null)
                continue;
            inside += account.WalletE8;
            for (int i = 0; i < account.SymbolCount; i++)
                inside += WorthE8(account.PositionOf(account.SymbolAt(i), 0)) + WorthE8(account.PositionOf(account.SymbolAt(i), 1));
        }

        Invariant.Holds(inside == (Int128)_clearing.DepositsE8 - _clearing.WithdrawalsE8 + _clearing.SeedE8);
        Invariant.Holds(_clearing.FundE8 >= 0);
        Invariant.Holds(_clearing.GrantedE8 == 0);
    }

    /// <summary>Everything of section 10, by walking all machines.</summary>
    public void CheckInvariants()
    {
        CheckMoney();
        foreach (OrderBook book in _books)
        {
            book.CheckInvariants();
            Invariant.Holds(book.UnacknowledgedCount == 0);
            Invariant.Holds(book.QueuedCount == 0 || HasOpenPass);
        }

        foreach (MarginAccount? account in _accounts)
        {
            if (account is not null)
                CheckAgainstBooks(account);
        }
    }

    private static Int128 WorthE8(in PositionLeg leg) => (Int128)leg.IsolatedE8 - (leg.Lots >= 0 ? leg.CostE8 : -leg.CostE8);

    /// <summary>What an account believes of its positions and orders is what the books say.</summary>
    private void CheckAgainstBooks(MarginAccount account)
    {
        account.CheckInvariants(_market);
        for (int i = 0; i < account.SymbolCount; i++)
        {
            int symbol = account.SymbolAt(i);
            OrderBook book = _books[symbol];
            Invariant.Holds(account.OpenOrderCount(symbol) == book.OpenOrdersOf(account.Id));
            for (int leg = 0; leg < 2; leg++)
            {
                PositionLeg position = account.PositionOf(symbol, leg);
                Invariant.Holds(position.Lots == book.Position(account.Id, leg));
                Invariant.Holds(position.CostE8 == book.PositionCostE8(account.Id, leg));
                Invariant.Holds(position.Lots != 0 || position.IsolatedE8 == 0);
            }
        }
    }
}

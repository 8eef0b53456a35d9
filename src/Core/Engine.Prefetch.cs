using System.Runtime.CompilerServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Port;

namespace Exchange.Core;

// Asking for memory ahead: commands that wait are known, so what they will touch can be on its way while others are worked.
public sealed partial class Engine
{
    /// <summary>How many commands a host should look ahead: enough to cover a miss, few enough to stay in the first cache.</summary>
    public const int LookAhead = 16;

    /// <summary>Asks for what the next commands will touch; changes nothing, and may be called with anything or not at all.</summary>
    /// <remarks>
    /// In steps over all of them: each step follows one reference that the step before asked for, so the misses of sixteen
    /// commands overlap, where following one command's references to their end would wait for each.
    /// </remarks>
    public void Prefetch(ReadOnlySpan<CommandAim> aims) => Ask(aims, accounts: true, books: true, _nextOrderId);

    /// <summary>As <see cref="Prefetch"/>, of the accounts alone.</summary>
    public void PrefetchAccounts(ReadOnlySpan<CommandAim> aims) => Ask(aims, accounts: true, books: false, 0, judges: JudgesAgain);

    /// <summary>As <see cref="Prefetch"/>, of the books alone, which run ahead of the accounts.</summary>
    public void PrefetchBooks(ReadOnlySpan<CommandAim> aims) => Ask(aims, accounts: false, books: true, _aheadOrderId);

    /// <param name="newId">A new order gets the next id, if those before it are accepted.</param>
    /// <param name="judges">Accounts will judge: what is free depends on all of their symbols.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask(ReadOnlySpan<CommandAim> aims, bool accounts, bool books, ulong newId, bool judges = true)
    {
        foreach (ref readonly CommandAim aim in aims)
        {
            if (accounts)
                CacheLine.Fetch(Account(aim.Account), MarginAccount.HotBytes);
            if (books)
                BookOf(in aim)?.PrefetchEntries(aim.Account, aim.OrderId != 0 ? aim.OrderId : unchecked(newId++), aim.PriceTicks);
        }

        foreach (ref readonly CommandAim aim in aims)
        {
            if (accounts)
                Account(aim.Account)?.PrefetchSymbols();
            if (books)
                BookOf(in aim)?.PrefetchOrders(aim.Account, aim.OrderId, aim.PriceTicks);
        }

        foreach (ref readonly CommandAim aim in aims)
        {
            if (accounts && judges)
                Account(aim.Account)?.PrefetchStates();
            else if (accounts)
                Account(aim.Account)?.PrefetchState(aim.Symbol);
            if (books)
                BookOf(in aim)?.PrefetchNeighbours(aim.Account, aim.OrderId);
        }

        if (!accounts)
            return;
        foreach (ref readonly CommandAim aim in aims)
            Account(aim.Account)?.PrefetchOrders(aim.Symbol, isNew: aim.OrderId == 0);
        foreach (ref readonly CommandAim aim in aims)
        {
            if (aim.OrderId != 0)
                Account(aim.Account)?.PrefetchOrder(aim.Symbol, aim.OrderId);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private OrderBook? BookOf(in CommandAim aim) => unchecked((uint)aim.Symbol < (uint)_books.Count) ? _books[aim.Symbol] : null;
}

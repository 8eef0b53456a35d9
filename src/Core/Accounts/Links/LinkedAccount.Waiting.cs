using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Accounts.Links;

/// <content>Commands that wait: what a client sends in a row takes effect on a symbol in that order.</content>
public sealed partial class LinkedAccount
{
    /// <summary>Where a command waits that cannot be judged yet, or follows one that cannot; null: it is judged now.</summary>
    private BookLink? MustWait(in Command command)
    {
        BookLink? link = IsInTurn(command.Kind) ? Find(command.Symbol) : null;
        return link is not null && (link.HasWaiting || NamesUnanswered(link, in command)) ? link : null;
    }

    /// <summary>The book's ring is known now, or what it has become of orders: what waited for that is judged.</summary>
    private void SubmitWaiting(BookLink link, MarketTable market, AccountOutput output)
    {
        while (link.TryPeekWaiting(out Command command, out ulong token) && !NamesUnanswered(link, in command))
        {
            link.TakeWaiting();
            JudgeAndRefuse(in command, token, market, output);
        }
    }

    private static bool IsInTurn(CommandKind kind) =>
        kind is CommandKind.Place or CommandKind.Amend or CommandKind.Cancel or CommandKind.CancelAll;

    /// <summary>It names an order by its client id that the book has not answered yet: what it means is known then.</summary>
    private bool NamesUnanswered(BookLink link, in Command command) =>
        command.Kind is CommandKind.Amend or CommandKind.Cancel && command.OrderId == 0 && !command.Key.IsNone
        && Account.OrderOf(link.Symbol, command.Key) == 0
        && (HasPlace(link.Sent, command.Key) || HasPlace(link.Queue, command.Key));

    private static bool HasPlace(ReadOnlySpan<BookInput> commands, ClientKey key)
    {
        foreach (ref readonly BookInput command in commands)
        {
            if (command.Kind == BookInputKind.Place && command.Terms.ClientKey == key)
                return true;
        }

        return false;
    }
}

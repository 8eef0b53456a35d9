using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Marks;
using Exchange.Core.Port;

namespace Exchange.Core.Nodes;

/// <summary>Reads what a book does, as it is applied; what it makes of it must not leave before the record is durable.</summary>
/// <remarks>Called while the journal is read back too: a reader that keeps something knows by the sequence what it has already.</remarks>
public interface IBookObserver
{
    /// <param name="sequence">Of the record that the input is part of.</param>
    /// <param name="output">Valid during the call.</param>
    void OnInput(OrderBook book, ulong sequence, in BookInput input, BookOutput output);

    /// <summary>The instrument was listed or changed.</summary>
    void OnInstrument(OrderBook book, ulong sequence);
}

/// <summary>Reads what a mark does; as <see cref="IBookObserver"/>.</summary>
public interface IMarkObserver
{
    void OnInput(Mark mark, ulong sequence, in MarkInput input, MarkOutput output);
}

/// <summary>Reads what Clearing does; as <see cref="IBookObserver"/>.</summary>
public interface IClearingObserver
{
    void OnInput(ClearingHouse clearing, ulong sequence, in ClearingInput input);
}

/// <summary>Reads what an account does; a grain keeps its histories with it, written in one cut with the account.</summary>
public interface IAccountObserver
{
    /// <summary>A command is about to be done; its answer comes now or later, by its token.</summary>
    void OnCommand(AccountNode account, in Command command, ulong token);

    /// <summary>The account has applied an input: what it wants done, its answers too, is in <paramref name="output"/>.</summary>
    void OnInput(AccountNode account, AccountOutput output);
}

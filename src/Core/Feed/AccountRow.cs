using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Feed;

/// <summary>One thing that happened to an account, with all that its history and its user's events are made of.</summary>
internal struct AccountRow
{
    /// <summary>Counts 1, 2, 3 … per account, over all its lives.</summary>
    public ulong Number;
    public long TimeMs;
    public EngineEvent Event;

    /// <summary>Of an order's acceptance: as its sender asked for it, as far as that is known.</summary>
    public OrderTerms Terms;
    public ClientOrderId ClientId;

    public readonly bool IsAcceptance => Event is { Kind: EngineEventKind.Book, Book.Kind: BookEventKind.Accepted };

    /// <summary>Whose it is: a symbol's book, or the account itself (-1).</summary>
    public readonly int Source => Event.Kind == EngineEventKind.Book ? Event.Symbol : -1;

    /// <summary>Its number there; the account itself has only numbers of all.</summary>
    public readonly ulong SourceNumber => Event.Kind == EngineEventKind.Book ? Event.Book.Number : Number;

    public void Write(SnapshotWriter to)
    {
        to.Write(Number);
        to.Write(TimeMs);
        WordPack.Write(to, ref Event);
        if (!IsAcceptance)
            return;
        WordPack.Write(to, ref Terms);
        to.WriteStruct(in ClientId);
    }

    /// <exception cref="SnapshotException">It is no row.</exception>
    public static AccountRow Read(SnapshotReader from)
    {
        var row = new AccountRow { Number = from.ReadUInt64(), TimeMs = from.ReadInt64(), Event = WordPack.Read<EngineEvent>(from) };
        if (row.IsAcceptance)
        {
            row.Terms = WordPack.Read<OrderTerms>(from);
            row.ClientId = from.ReadStruct<ClientOrderId>();
        }

        return row;
    }
}

using Exchange.Core.Books;

namespace Exchange.Simulation.Worlds;

/// <summary>What a world is made for: a simulation that never gets there tries nothing.</summary>
public enum Happening
{
    /// <summary>A close of a liquidation began.</summary>
    Liquidation,

    /// <summary>A position was taken over at the bankruptcy price.</summary>
    AutoDeleveraging,

    /// <summary>The fund paid for a close.</summary>
    FundSpent,

    /// <summary>A step of a liquidation got less than it asked for.</summary>
    FundTooSmall,
    Funding,

    /// <summary>An account left a book.</summary>
    BookLeft,
    SymbolHalted,

    /// <summary>A position was closed at a settlement price.</summary>
    SymbolDelisted,

    // The operator's, by hand.
    MarkSet,
    FundingByHand,

    // Two activations at once.
    GhostOfBook,
    GhostOfMark,
    GhostOfClearing,
    GhostOfAccount,

    // Of the store.
    WriteRefused,
    WriteInPart,
    WriteUnknown,

    /// <summary>An activation came up from a snapshot.</summary>
    SnapshotRestored,
    ClockJumped,

    /// <summary>Dozens of books and accounts.</summary>
    LargeWorld,
}

/// <summary>How often each has happened.</summary>
internal sealed class Happenings
{
    private readonly long[] _counts = new long[Enum.GetValues<Happening>().Length];

    public long this[Happening happening] => _counts[(int)happening];

    public void Count(Happening happening) => _counts[(int)happening]++;

    public void Count(in BookEvent e)
    {
        if (e.Kind == BookEventKind.Liquidation)
            Count(Happening.Liquidation);
        else if (e.Kind == BookEventKind.Adl)
            Count(Happening.AutoDeleveraging);
        else if (e.Kind == BookEventKind.Funding)
            Count(Happening.Funding);
        else if (e.Kind == BookEventKind.Settled)
            Count(Happening.SymbolDelisted);
        else if (e is { Kind: BookEventKind.Closed, Amount: > 0 })
            Count(Happening.FundSpent);
    }

    public void Add(Happenings other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }
}

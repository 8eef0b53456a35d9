namespace Exchange.Core.Views;

/// <summary>The rows of accounts' histories: of all accounts of a venue, or of one alone. One thread writes.</summary>
/// <param name="limits">How many are kept.</param>
/// <param name="chunkBits">Memory is taken for so many rows at a time, as a power of two.</param>
public sealed class HistoryStore(ViewLimits limits, int chunkBits = HistoryStore.ManyRows)
{
    /// <summary>For all accounts of a venue.</summary>
    public const int ManyRows = 10;

    /// <summary>For one account alone: what it takes as it grows moves as little as possible, and most have few.</summary>
    public const int FewRows = 4;

    public ViewLimits Limits { get; } = limits;

    /// <summary>Null: nobody wants to know.</summary>
    internal IRowObserver? Observer { get; set; }

    internal RowStore<StoredOrder> Orders { get; } = new(chunkBits);

    internal RowStore<StoredFill> Fills { get; } = new(chunkBits);

    internal RowStore<StoredMovement> Movements { get; } = new(chunkBits);

    /// <summary>What restored rows may lack of any account.</summary>
    internal HistoryCut RestoredCut { get; set; }

    /// <summary>No row that was dropped is of a later time, Unix ms; 0: none was.</summary>
    internal long DroppedMs
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, Math.Max(field, value));
    }

    /// <summary>Number of the last fill.</summary>
    internal ulong LastFill { get; set; }

    /// <summary>Time of the newest movement that was dropped for all accounts together, or that no snapshot held; 0: none was.</summary>
    internal long LedgerBeginsMs
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }
}

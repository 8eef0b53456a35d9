namespace Exchange.Core.Views;

/// <summary>The rows of accounts' histories: of all accounts of a venue, or of one alone. One thread writes.</summary>
public sealed class HistoryStore(ViewLimits limits)
{
    public ViewLimits Limits { get; } = limits;

    internal RowStore<StoredOrder> Orders { get; } = new();

    internal RowStore<StoredFill> Fills { get; } = new();

    internal RowStore<StoredMovement> Movements { get; } = new();

    /// <summary>Number of the last fill.</summary>
    internal ulong LastFill { get; set; }

    /// <summary>Time of the newest movement that was dropped for all accounts together, or that no snapshot held; 0: none was.</summary>
    internal long LedgerBeginsMs
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }
}

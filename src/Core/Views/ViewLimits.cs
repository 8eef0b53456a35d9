using System.ComponentModel.DataAnnotations;

namespace Exchange.Core.Views;

/// <summary>How much history the views keep in memory; beyond it the oldest is dropped first. docs/limits.md tells operators.</summary>
public sealed class ViewLimits
{
    /// <summary>Ended orders kept per account, by when they ended. Open orders are always kept.</summary>
    [Range(1, 1_000_000)]
    public int EndedOrdersPerAccount { get; set; } = 10_000;

    /// <summary>Ended orders kept of all accounts, about 300 bytes each.</summary>
    [Range(1, 4_000_000)]
    public int EndedOrders { get; set; } = 1_000_000;

    /// <summary>Fills kept per account.</summary>
    [Range(1, 1_000_000)]
    public int FillsPerAccount { get; set; } = 10_000;

    /// <summary>Fills kept of all accounts, about 130 bytes each.</summary>
    [Range(1, 8_000_000)]
    public int Fills { get; set; } = 1_000_000;

    /// <summary>Movements of money kept per account.</summary>
    [Range(1, 1_000_000)]
    public int MovementsPerAccount { get; set; } = 10_000;

    /// <summary>Movements of money kept of all accounts, about 110 bytes each.</summary>
    [Range(1, 8_000_000)]
    public int Movements { get; set; } = 1_000_000;

    /// <summary>Events of all accounts kept for streams that resume, 96 bytes each; beyond it the oldest go, and cursors of before them are too old.</summary>
    [Range(1_024, 100_000_000)]
    public int OwnEvents { get; set; } = 131_072;

    /// <summary>Public trades kept per symbol, 40 bytes each.</summary>
    [Range(1, 1_000_000)]
    public int TradesPerSymbol { get; set; } = 10_000;

    /// <summary>Funding rounds kept per symbol, 24 bytes each.</summary>
    [Range(1, 1_000_000)]
    public int FundingsPerSymbol { get; set; } = 10_000;

    /// <summary>Closes of liquidations kept per symbol, 40 bytes each.</summary>
    [Range(1, 100_000)]
    public int LiquidationsPerSymbol { get; set; } = 100;

    /// <summary>Rows of a page; a longer one is cut, and its cursor goes on from there.</summary>
    [Range(1, 10_000)]
    public int RowsPerPage { get; set; } = 1_000;

    /// <summary>Levels of a side in an answer.</summary>
    [Range(1, 100_000)]
    public int DepthLevels { get; set; } = 5_000;
}

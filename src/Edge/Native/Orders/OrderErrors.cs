using System.Collections.Immutable;
using Exchange.Core;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Orders;

/// <summary>The refusals that placing, changing and canceling can meet, for the OpenAPI document.</summary>
internal static class OrderErrors
{
    public static readonly ImmutableArray<ErrorEntry> Place =
    [
        ErrorCatalogue.UnknownSymbol, ErrorCatalogue.PriceTick, ErrorCatalogue.QtyStep, ErrorCatalogue.BadClientId,
        .. Of(
            RejectReason.SymbolNotTrading, RejectReason.AccountInLiquidation, RejectReason.DuplicateClientId, RejectReason.ClientIdReused,
            RejectReason.BadCombination, RejectReason.BadCallbackRate, RejectReason.GtdInPast, RejectReason.PositionSideMismatch,
            RejectReason.PriceRange, RejectReason.QtyRange, RejectReason.PriceBand, RejectReason.MinNotional, RejectReason.TooManyOrders,
            RejectReason.ReduceOnlyReject, RejectReason.WouldTrigger, RejectReason.PositionLimit, RejectReason.InsufficientMargin,
            RejectReason.PostOnlyWouldCross, RejectReason.FokWouldNotFill),
    ];

    public static readonly ImmutableArray<ErrorEntry> Amend =
    [
        ErrorCatalogue.UnknownOrder, ErrorCatalogue.PriceTick, ErrorCatalogue.QtyStep,
        .. Of(
            RejectReason.NotAmendable, RejectReason.NoChange, RejectReason.PriceRange, RejectReason.QtyRange, RejectReason.PriceBand,
            RejectReason.MinNotional, RejectReason.PositionLimit, RejectReason.InsufficientMargin, RejectReason.AccountInLiquidation),
    ];

    public static readonly ImmutableArray<ErrorEntry> Find = [ErrorCatalogue.UnknownOrder, ErrorCatalogue.UnknownSymbol];

    private static IEnumerable<ErrorEntry> Of(params RejectReason[] reasons) => reasons.Select(ErrorCatalogue.Of);
}

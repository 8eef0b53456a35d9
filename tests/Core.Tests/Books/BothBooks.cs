namespace Exchange.Core.Tests.Books;

public sealed class NaiveBookMatching() : MatchingRules(BookKind.Naive);

public sealed class NaiveBookTimeInForce() : TimeInForceRules(BookKind.Naive);

public sealed class NaiveBookSelfTrade() : SelfTradePreventionRules(BookKind.Naive);

public sealed class NaiveBookReduceOnly() : ReduceOnlyRules(BookKind.Naive);

public sealed class NaiveBookTriggers() : TriggerRules(BookKind.Naive);

public sealed class NaiveBookTrailing() : TrailingStopRules(BookKind.Naive);

public sealed class NaiveBookBankruptcy() : BankruptcyPriceRules(BookKind.Naive);

public sealed class NaiveBookAmend() : AmendRules(BookKind.Naive);

public sealed class NaiveBookCancel() : CancelRules(BookKind.Naive);

public sealed class NaiveBookLiquidation() : LiquidationRules(BookKind.Naive);

public sealed class NaiveBookDeleveraging() : DeleveragingRules(BookKind.Naive);

public sealed class NaiveBookFunding() : FundingRules(BookKind.Naive);

public sealed class NaiveBookBatches() : BatchRules(BookKind.Naive);

public sealed class NaiveBookPositions() : PositionRules(BookKind.Naive);

public sealed class OrderBookMatching() : MatchingRules(BookKind.Fast);

public sealed class OrderBookTimeInForce() : TimeInForceRules(BookKind.Fast);

public sealed class OrderBookSelfTrade() : SelfTradePreventionRules(BookKind.Fast);

public sealed class OrderBookReduceOnly() : ReduceOnlyRules(BookKind.Fast);

public sealed class OrderBookTriggers() : TriggerRules(BookKind.Fast);

public sealed class OrderBookTrailing() : TrailingStopRules(BookKind.Fast);

public sealed class OrderBookBankruptcy() : BankruptcyPriceRules(BookKind.Fast);

public sealed class OrderBookAmend() : AmendRules(BookKind.Fast);

public sealed class OrderBookCancel() : CancelRules(BookKind.Fast);

public sealed class OrderBookLiquidation() : LiquidationRules(BookKind.Fast);

public sealed class OrderBookDeleveraging() : DeleveragingRules(BookKind.Fast);

public sealed class OrderBookFunding() : FundingRules(BookKind.Fast);

public sealed class OrderBookBatches() : BatchRules(BookKind.Fast);

public sealed class OrderBookPositions() : PositionRules(BookKind.Fast);

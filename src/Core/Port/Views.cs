using Exchange.Core.MarketData;
using Exchange.Core.Orders;

namespace Exchange.Core.Port;

/// <summary>One account's side of a trade, with what only the account knows: fee, realised profit and the balance after.</summary>
public readonly record struct FillView(
    ulong TradeId, ulong OrderId, uint Account, int Symbol, Side Side, PositionSide PositionSide, long PriceTicks, long Lots,
    long FeeE8, long RealisedE8, bool IsMaker, bool IsLiquidation, bool IsAdl, long TimeMs, ulong Sequence,
    bool IsSettlement = false)
{
    /// <summary>The fill that a <see cref="FeedKind.Fill"/> tells.</summary>
    public static FillView Of(in FeedEvent e) => new(
        (ulong)e.Other, e.Id, e.Account, e.Symbol, e.Side, e.PositionSide, e.PriceTicks, e.Lots, e.Amount, e.Money,
        e.Has(FeedFlags.Maker), e.Has(FeedFlags.Liquidation), e.Has(FeedFlags.Adl), e.TimeMs, e.Sequence, e.Has(FeedFlags.Settlement));
}

/// <summary>An order as it stands.</summary>
public sealed record OrderView(
    ulong OrderId, uint Account, int Symbol, string ClientOrderId, Side Side, OrderType Type, TimeInForce TimeInForce,
    SelfTradePrevention Stp, PositionSide PositionSide, OrderFlags Flags, long PriceTicks, long StopTicks, long ActivationTicks,
    int CallbackRateE8, long GtdMs, long TotalLots, long FilledLots, Int128 FilledNotionalE8, OrderStatus Status, EndReason Reason,
    long CreatedMs, long UpdatedMs)
{
    /// <summary>
    /// The order as an event left it; what the event does not tell is taken from this, which may be a later view of it. Its price is then
    /// perhaps that of a later amend; what it had traded for is left 0, unknown, if it has traded more since.
    /// </summary>
    public OrderView At(in FeedEvent e)
    {
        bool isAccepted = e.Kind == FeedKind.OrderAccepted;
        long filledLots = isAccepted ? 0 : e.Other;
        return this with
        {
            Status = e.Status != OrderStatus.None ? e.Status : Type.IsConditional() ? OrderStatus.Waiting : OrderStatus.New,
            Reason = isAccepted ? EndReason.None : (EndReason)e.Reason,
            TotalLots = e.Lots,
            FilledLots = filledLots,
            FilledNotionalE8 = filledLots == FilledLots ? FilledNotionalE8 : 0,
            PriceTicks = e.PriceTicks != 0 ? e.PriceTicks : PriceTicks,   // 0: as it was.
            UpdatedMs = e.TimeMs,
        };
    }
}

/// <summary>A public trade. Ids count 1, 2, 3 … per symbol.</summary>
public readonly record struct TradeView(ulong TradeId, long PriceTicks, long Lots, Side TakerSide, bool IsLiquidation, long TimeMs);

/// <summary>Money that moved into (or, negative, out of) a purse of an account, and what was in it then: the wallet, or an isolated position's margin.</summary>
/// <remarks>Numbers count 1, 2, 3 … per account. The amounts of a purse add up to what is in it.</remarks>
/// <param name="Symbol">-1: of none.</param>
/// <param name="TradeId">0: no trade was the cause.</param>
public readonly record struct MovementView(
    ulong Number, uint Account, int Symbol, PositionSide PositionSide, bool IsIsolated, BalanceCause Cause, ulong TradeId, long AmountE8,
    long BalanceE8, long TimeMs, ulong Sequence);

/// <summary>A page of movements, newest first; whatever moved after <c>BeginsMs</c> is kept, 0: everything ever.</summary>
public sealed record LedgerView(MovementView[] Items, ulong Next, long BeginsMs);

/// <summary>A funding round: when it was due, its rate in 1e-8, the mark it was paid at.</summary>
public readonly record struct FundingView(long SettlementMs, long RateE8, long MarkTicks);

/// <summary>A close of a liquidation as it began: a sell closes a long position.</summary>
public readonly record struct LiquidationView(Side Side, long BankruptcyTicks, long Lots, long TimeMs);

/// <summary>What is at stake in a symbol, and what stands behind it. The fund is the venue's, 1e-8; closes newest first.</summary>
public sealed record StatsView(int Symbol, long OpenInterestLots, long InsuranceFundE8, LiquidationView[] Liquidations);

public readonly record struct LevelView(long PriceTicks, long Lots);

/// <summary>Depth of a book, best first. <c>Number</c> is the depth feed's last number that it contains.</summary>
public sealed record DepthView(int Symbol, ulong Number, long TimeMs, LevelView[] Bids, LevelView[] Asks)
{
    /// <summary>Lots that came to the best prices since these views began: bids up, asks down; only differences mean something.</summary>
    public Int128 FlowLots { get; init; }
}

/// <summary>A position; prices in ticks, money in 1e-8, rates in 1e-8.</summary>
public sealed record PositionView(
    int Symbol, PositionSide PositionSide, long Lots, long CostE8, long MarkTicks, long UnrealisedE8, MarginMode MarginMode,
    int Leverage, long IsolatedE8, long MaintenanceE8, long? LiquidationTicks, int AdlQuintile);

/// <summary>Settings of an account in a symbol, with what its open orders reserve.</summary>
public readonly record struct SymbolSettingView(int Symbol, int Leverage, MarginMode MarginMode, long ReservedE8);

/// <summary>An account: money in 1e-8 USDT.</summary>
public sealed record AccountView(
    uint Account, bool Hedge, TradingState State, bool IsInLiquidation, long WalletE8, Int128 EquityE8, long AvailableE8, long WithdrawableE8,
    Int128 MaintenanceE8, PositionView[] Positions, SymbolSettingView[] Settings);

/// <summary>24 h statistics (docs/rules/funding.md 9.1) with best prices, mark and index; 0: none.</summary>
public sealed record TickerView(
    int Symbol, long OpenTicks, long HighTicks, long LowTicks, long LastTicks, long Lots, Int128 QuoteE8, long Trades,
    long BidTicks, long BidLots, long AskTicks, long AskLots, long MarkTicks, long IndexE8, long FundingRateE8, long NextFundingMs,
    long TimeMs);

/// <summary>Candles (docs/rules/market-data.md 9.2) as of a time: one is final when its interval ended by then.</summary>
public sealed record CandlesView(Candle[] Items, long TimeMs);

/// <summary>A page of a list, newest first; <c>Next</c> is 0 when there is no more.</summary>
public readonly record struct Page<T>(T[] Items, ulong Next);

using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>The account's own liquidation, step by step (docs/rules/margin.md 7.3).</content>
/// <remarks>
/// A host asks <see cref="TryBeginLiquidation"/> when the account's turn comes, then carries out what
/// <see cref="NextLiquidationStep"/> says until it says Done. Asked again before the answer, it says the same again. A close is
/// answered by its Closed event through <see cref="Apply"/>, or by <see cref="LiquidationMoved"/>.
/// </remarks>
public sealed partial class MarginAccount
{
    private LiquidationState _liquidation;

    /// <summary>L of the current or last liquidation.</summary>
    public ulong LiquidationNumber => _liquidation.Number;

    /// <summary>Whether a pool whose marks are fresh stands at or below its maintenance margin.</summary>
    public bool IsUnderMaintenance(MarketTable market) => NextPoolUnder(0, market) >= 0;

    /// <summary>Flags the account if a pool is at or below its maintenance margin; false: nothing to do.</summary>
    public bool TryBeginLiquidation(MarketTable market)
    {
        if (IsInLiquidation)
            return true;
        if (!IsUnderMaintenance(market))
            return false;
        IsInLiquidation = true;
        _liquidation = new LiquidationState
        {
            Number = _liquidation.Number + 1,
            Phase = LiquidationPhase.Pools,
            Symbol = -1,
        };
        return true;
    }

    /// <summary>What is to be done next; the same again while the answer is missing.</summary>
    public LiquidationStep NextLiquidationStep(MarketTable market)
    {
        _isWatched = false;
        while (true)
        {
            if (TryTakeSettlement(out LiquidationStep settlement))
                return settlement;
            switch (_liquidation.Phase)
            {
                case LiquidationPhase.Pools:
                    EnterNextPool(market);
                    break;
                case LiquidationPhase.Canceling:
                    if (HasPoolOrders())
                        return CancelStep();
                    _liquidation.Phase = LiquidationPhase.Evaluating;
                    break;
                case LiquidationPhase.Evaluating:
                    EvaluatePool(market);
                    break;
                case LiquidationPhase.Debt:
                    if (!HasAnyPosition && _walletE8 < 0)
                        ReserveDebt();
                    else
                        EndLiquidation();
                    break;
                case LiquidationPhase.None:
                    return default;
                default:
                    return _liquidation.Current;
            }
        }
    }

    /// <summary>Clearing's answer to Reserve or ReserveDebt; answers to other steps are ignored.</summary>
    public void LiquidationGranted(ulong liquidation, uint step, long grantE8, MarketTable market)
    {
        if (!IsCurrent(liquidation, step))
            return;
        if (_liquidation.Phase == LiquidationPhase.ReservingDebt)
        {
            // Events may have come while Clearing was asked, since orders outside the liquidated pools go on: what is not owed goes back.
            Invariant.Holds(grantE8 >= 0);
            long paidE8 = HasAnyPosition ? 0 : Math.Clamp(-_walletE8, 0, grantE8);
            _walletE8 += paidE8;
            _totals.FundSpentE8 += paidE8;
            _hasReport = true;
            OpenCloseOf(liquidation, step).GrantE8 = grantE8;
            KnowClose(-1, liquidation, step, paidE8, earnedE8: 0);
            EndLiquidation();
        }
        else if (_liquidation.Phase == LiquidationPhase.Reserving)
        {
            OpenCloseOf(liquidation, step).GrantE8 = grantE8;
            SendFullClose(grantE8, market);
        }
    }

    /// <summary>The book knew a later event than the close was computed at: nothing was done, and the pool is judged anew.</summary>
    public void LiquidationMoved(ulong liquidation, uint step)
    {
        if (!IsCurrent(liquidation, step) || _liquidation.Phase != LiquidationPhase.Closing)
            return;
        KnowClose(_liquidation.Symbol, liquidation, step, 0, 0);
        _liquidation.Phase = LiquidationPhase.Evaluating;
    }

    private bool HasAnyPosition
    {
        get
        {
            foreach (SymbolState state in Symbols)
            {
                if (state.HasPosition)
                    return true;
            }

            return false;
        }
    }

    private bool IsCurrent(ulong liquidation, uint step) =>
        IsInLiquidation && liquidation == _liquidation.Number && step == _liquidation.Step;

    /// <summary>The first pool from a number on that is at or below its maintenance margin; -1: none.</summary>
    private long NextPoolUnder(long from, MarketTable market)
    {
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsIsolated || !state.HasPosition || market[state.Symbol].IsStale)
                continue;
            for (int leg = 0; leg < 2; leg++)
            {
                long pool = ((long)state.Symbol * 2) + leg;
                if (pool >= from && state.Leg(leg).Lots != 0 && IsLegUnder(state, leg, market))
                    return pool;
            }
        }

        return from <= LiquidationState.CrossPool && IsCrossUnder(market) ? LiquidationState.CrossPool : -1;
    }

    private bool IsLegUnder(SymbolState state, int leg, MarketTable market)
    {
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        return PoolEquityE8(state, leg, market) <= state.LegMaintenanceE8(entry.Instrument, leg, entry.MarkTicks);
    }

    private bool IsCrossUnder(MarketTable market)
    {
        bool hasPosition = false;
        foreach (SymbolState state in Symbols)
        {
            if (state.IsIsolated || !state.HasPosition)
                continue;
            if (market[state.Symbol].IsStale)
                return false;
            hasPosition = true;
        }

        return hasPosition && CrossEquityE8(market) <= CrossMaintenanceE8(market);
    }

    private void EnterNextPool(MarketTable market)
    {
        long pool = NextPoolUnder(_liquidation.NextPool, market);
        if (pool < 0)
        {
            _liquidation.Phase = LiquidationPhase.Debt;
            return;
        }

        _liquidation.Pool = pool;
        _liquidation.NextPool = pool + 1;
        _liquidation.BackedE8 = BackedE8(market);
        _liquidation.Symbol = -1;
        _liquidation.MustCloseFull = false;
        _liquidation.Phase = LiquidationPhase.Canceling;
    }

    private bool IsInPool(SymbolState state) =>
        _liquidation.Pool == LiquidationState.CrossPool || state.Symbol == _liquidation.Pool >> 1;

    /// <summary>Cross: all of the account's orders go; isolated: the symbol's.</summary>
    private bool HasPoolOrders()
    {
        foreach (SymbolState state in Symbols)
        {
            if (state.OpenOrderCount != 0 && IsInPool(state) && !(state.IsSilent && !state.HasPosition))
                return true;
        }

        return false;
    }

    private LiquidationStep CancelStep() => new()
    {
        Kind = LiquidationStepKind.CancelOrders,
        Liquidation = _liquidation.Number,
        Symbol = _liquidation.Pool == LiquidationState.CrossPool ? -1 : (int)(_liquidation.Pool >> 1),
    };

    private void ReserveDebt()
    {
        NewStep(LiquidationStepKind.ReserveDebt, symbol: -1, PositionSide.Both);
        AddOpenClose(symbol: -1);
        _liquidation.Current.AmountE8 = -_walletE8;
        _liquidation.Phase = LiquidationPhase.ReservingDebt;
    }

    private void EndLiquidation()
    {
        IsInLiquidation = false;
        _liquidation.Phase = LiquidationPhase.None;
    }

    private void NewStep(LiquidationStepKind kind, int symbol, PositionSide side)
    {
        _liquidation.Step++;
        _liquidation.Current = new LiquidationStep
        {
            Kind = kind,
            Liquidation = _liquidation.Number,
            Step = _liquidation.Step,
            Symbol = symbol,
            PositionSide = side,
        };
    }
}

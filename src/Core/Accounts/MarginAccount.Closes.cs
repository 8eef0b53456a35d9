using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>The closes of a liquidation: which position, how much, at what price, and what they came to.</content>
public sealed partial class MarginAccount
{
    private OpenClose[] _openCloses = [];
    private int _openCloseCount;

    /// <summary>Closes that Clearing has not settled, oldest first.</summary>
    public ReadOnlySpan<OpenClose> OpenCloses => _openCloses.AsSpan(0, _openCloseCount);

    /// <summary>Writes the message of a Close or CloseFull step.</summary>
    public void FillClose(in LiquidationStep step, long timeMs, ref BookInput input)
    {
        bool isFull = step.Kind == LiquidationStepKind.CloseFull;
        Invariant.Holds(isFull || step.Kind == LiquidationStepKind.Close);
        FillCommand(FindOrAdd(step.Symbol), isFull ? BookInputKind.CloseFull : BookInputKind.Close, timeMs, ref input);
        input.Terms.Symbol = step.Symbol;
        input.Terms.PositionSide = step.PositionSide;
        input.Lots = step.Lots;
        input.BankruptcyTicks = step.BankruptcyTicks;
        input.Amount = isFull ? step.AmountE8 : 0;
        input.Liquidation = step.Liquidation;
        input.Step = step.Step;
        input.Number = step.AsOf;
    }

    /// <summary>Clearing has settled a close; it is forgotten.</summary>
    public void LiquidationSettled(ulong liquidation, uint step)
    {
        for (int i = 0; i < _openCloseCount; i++)
        {
            if (_openCloses[i].Liquidation == liquidation && _openCloses[i].Step == step)
            {
                RemoveOpenClose(i);
                return;
            }
        }
    }

    /// <summary>Decides on the next close of the pool, or leaves it if it is above its maintenance margin again.</summary>
    private void EvaluatePool(MarketTable market)
    {
        if (_liquidation.Symbol >= 0 && FindOrAdd(_liquidation.Symbol).Leg(_liquidation.Leg).Lots == 0)
            _liquidation.Symbol = -1;
        if (!IsPoolUnder(market) || (_liquidation.Symbol < 0 && !TryChoosePosition(market)))
        {
            _liquidation.Phase = LiquidationPhase.Pools;
            return;
        }

        SymbolState state = FindOrAdd(_liquidation.Symbol);
        int leg = _liquidation.Leg;
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        Int128 equity = PoolEquityE8(state, leg, market);
        long lots = _liquidation.MustCloseFull ? 0 : PartialLots(state, leg, in entry, equity);
        if (lots > 0)
        {
            NewStep(LiquidationStepKind.Close, state.Symbol, SideOf(leg));
            AddOpenClose(state.Symbol);
            AimClose(state, leg, lots, market);
            return;
        }

        NewStep(LiquidationStepKind.Reserve, state.Symbol, SideOf(leg));
        AddOpenClose(state.Symbol);
        long most = Math.Min(_liquidation.BackedE8, MostShortfallE8(state, leg, market));
        if (most == 0)
        {
            SendFullClose(grantE8: 0, market);
            return;
        }

        _liquidation.Current.AmountE8 = most;
        _liquidation.Phase = LiquidationPhase.Reserving;
    }

    private bool IsPoolUnder(MarketTable market)
    {
        if (_liquidation.Pool == LiquidationState.CrossPool)
            return IsCrossUnder(market);
        int leg = (int)(_liquidation.Pool & 1);
        SymbolState state = FindOrAdd((int)(_liquidation.Pool >> 1));
        return state.Leg(leg).Lots != 0 && !market[state.Symbol].IsStale && IsLegUnder(state, leg, market);
    }

    /// <summary>The position of the pool with the lowest unrealised profit; ties by symbol, then side.</summary>
    private bool TryChoosePosition(MarketTable market)
    {
        _liquidation.MustCloseFull = false;
        if (_liquidation.Pool != LiquidationState.CrossPool)
        {
            _liquidation.Symbol = (int)(_liquidation.Pool >> 1);
            _liquidation.Leg = (int)(_liquidation.Pool & 1);
            return true;
        }

        Int128 lowest = 0;
        _liquidation.Symbol = -1;
        foreach (SymbolState state in Symbols)
        {
            if (state.IsIsolated)
                continue;
            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            for (int leg = 0; leg < 2; leg++)
            {
                if (state.Leg(leg).Lots == 0)
                    continue;
                Int128 unrealised = state.LegUnrealisedE8(entry.Instrument, leg, entry.MarkTicks);
                if (_liquidation.Symbol >= 0 && unrealised >= lowest)
                    continue;
                lowest = unrealised;
                _liquidation.Symbol = state.Symbol;
                _liquidation.Leg = leg;
            }
        }

        return _liquidation.Symbol >= 0;
    }

    /// <summary>Lots that bring a position down to the bracket below; 0: it is to be closed whole.</summary>
    private static long PartialLots(SymbolState state, int leg, in MarketTable.Entry entry, Int128 equity)
    {
        long size = state.Leg(leg).SizeLots;
        Int128 notional = MarginRules.NotionalE8(entry.MarkTicks, size, entry.Instrument.UnitE8);
        int bracket = Math.Min(entry.Instrument.BracketOf(notional), entry.Instrument.Brackets.Length - 1);
        if (bracket == 0 || equity <= 0)
            return 0;
        long keep = Rounding.FloorDiv(
            entry.Instrument.Brackets[bracket].CapBelowE8, (Int128)entry.MarkTicks * entry.Instrument.UnitE8);
        return keep == 0 ? 0 : size - keep;
    }

    /// <summary>The most the fund can be asked: from the bankruptcy price to the market protection bound, for all lots.</summary>
    private long MostShortfallE8(SymbolState state, int leg, MarketTable market)
    {
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        long lots = state.Leg(leg).Lots;
        long bankruptcy = BankruptcyTicks(state, leg, market);
        long bound = entry.Instrument.ProtectionTicks(lots > 0 ? Side.Sell : Side.Buy, entry.MarkTicks);
        long worse = lots > 0 ? bankruptcy - bound : bound - bankruptcy;
        return worse <= 0
            ? 0
            : (long)Int128.Min(InstrumentLimits.MaxMoneyE8, MarginRules.NotionalE8(worse, Math.Abs(lots), entry.Instrument.UnitE8));
    }

    /// <summary>
    /// What the marks' gaps can have taken from the pool beyond its maintenance margin: so much the fund backs, for whatever else the pool
    /// lost it lost to others by its own orders, and they may be friends.
    /// </summary>
    private long BackedE8(MarketTable market)
    {
        Int128 sum = 0;
        foreach (SymbolState state in Symbols)
        {
            if (!state.HasPosition || !IsInPool(state) || (_liquidation.Pool == LiquidationState.CrossPool && state.IsIsolated))
                continue;
            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            for (int leg = 0; leg < 2; leg++)
            {
                long lots = state.Leg(leg).Lots;
                if (lots == 0 || (_liquidation.Pool != LiquidationState.CrossPool && leg != (_liquidation.Pool & 1)))
                    continue;
                sum += MarginRules.NotionalE8(entry.Gap.AgainstTicks(lots > 0), Math.Abs(lots), entry.Instrument.UnitE8);
            }
        }

        return (long)Int128.Min(InstrumentLimits.MaxMoneyE8, sum);
    }

    /// <summary>The full close, at the bankruptcy price of now: events may have come while Clearing was asked.</summary>
    private void SendFullClose(long grantE8, MarketTable market)
    {
        SymbolState state = FindOrAdd(_liquidation.Symbol);
        if (state.Leg(_liquidation.Leg).Lots == 0 || !IsPoolUnder(market))
        {
            KnowClose(_liquidation.Symbol, _liquidation.Number, _liquidation.Step, 0, 0);
            _liquidation.Phase = LiquidationPhase.Evaluating;
            return;
        }

        _liquidation.Current.Kind = LiquidationStepKind.CloseFull;
        _liquidation.Current.AmountE8 = grantE8;
        AimClose(state, _liquidation.Leg, state.Leg(_liquidation.Leg).SizeLots, market);
    }

    private void AimClose(SymbolState state, int leg, long lots, MarketTable market)
    {
        _liquidation.Symbol = state.Symbol;
        _liquidation.Leg = leg;
        _liquidation.SizeBeforeLots = state.Leg(leg).SizeLots;
        _liquidation.Current.Lots = lots;
        _liquidation.Current.BankruptcyTicks = BankruptcyTicks(state, leg, market);
        _liquidation.Current.AsOf = state.LastEvent;
        _liquidation.Phase = LiquidationPhase.Closing;
    }

    /// <summary>The book's Closed event: what the close came to, also one of a former life.</summary>
    private void NoteClosed(int symbol, ulong liquidation, uint step, long spentE8, long earnedE8)
    {
        KnowClose(symbol, liquidation, step, spentE8, earnedE8);
        if (!IsCurrent(liquidation, step) || _liquidation.Phase != LiquidationPhase.Closing)
            return;
        _liquidation.BackedE8 = Math.Max(0, _liquidation.BackedE8 - spentE8);
        ref readonly LiquidationStep current = ref _liquidation.Current;
        long closed = _liquidation.SizeBeforeLots - FindOrAdd(current.Symbol).Leg(_liquidation.Leg).SizeLots;
        _liquidation.MustCloseFull = current.Kind == LiquidationStepKind.Close && closed < current.Lots;
        _liquidation.Phase = LiquidationPhase.Evaluating;
    }

    internal PositionSide SideOf(int leg) =>
        !IsHedge ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;

    private void AddOpenClose(int symbol)
    {
        if (_openCloseCount == _openCloses.Length)
            Array.Resize(ref _openCloses, Math.Max(2, _openCloseCount * 2));
        _openCloses[_openCloseCount++] = new OpenClose
        {
            Liquidation = _liquidation.Number,
            Step = _liquidation.Step,
            Symbol = symbol,
        };
    }

    private ref OpenClose OpenCloseOf(ulong liquidation, uint step)
    {
        for (int i = 0; i < _openCloseCount; i++)
        {
            if (_openCloses[i].Liquidation == liquidation && _openCloses[i].Step == step)
                return ref _openCloses[i];
        }

        throw new InvariantException($"Close ({liquidation}, {step}) is not open.");
    }

    private void KnowClose(int symbol, ulong liquidation, uint step, long spentE8, long earnedE8)
    {
        for (int i = 0; i < _openCloseCount; i++)
        {
            ref OpenClose close = ref _openCloses[i];
            if (close.Liquidation != liquidation || close.Step != step)
                continue;
            close.SpentE8 = spentE8;
            close.EarnedE8 = earnedE8;
            close.IsKnown = true;
            return;
        }

        // Sent by a former life that had not written it: what it came to must be settled all the same, its number never used again.
        _liquidation.Number = Math.Max(_liquidation.Number, liquidation);
        if (spentE8 == 0 && earnedE8 == 0)
            return;
        AddOpenClose(symbol);
        _openCloses[_openCloseCount - 1] = new OpenClose
        {
            Liquidation = liquidation,
            Step = step,
            Symbol = symbol,
            SpentE8 = spentE8,
            EarnedE8 = earnedE8,
            IsKnown = true,
        };
    }

    private void RemoveOpenClose(int index)
    {
        _openCloseCount--;
        for (int i = index; i < _openCloseCount; i++)
            _openCloses[i] = _openCloses[i + 1];
    }

    /// <summary>The next settlement that is known. One after the other: Clearing keeps only the highest settled.</summary>
    private bool TryTakeSettlement(out LiquidationStep step)
    {
        step = default;
        if (_openCloseCount == 0 || !_openCloses[0].IsKnown)
            return false;
        ref readonly OpenClose close = ref _openCloses[0];
        step.Kind = LiquidationStepKind.Settle;
        step.Liquidation = close.Liquidation;
        step.Step = close.Step;
        step.Symbol = close.Symbol;
        step.AmountE8 = close.SpentE8;
        step.EarnedE8 = close.EarnedE8;
        return true;
    }
}

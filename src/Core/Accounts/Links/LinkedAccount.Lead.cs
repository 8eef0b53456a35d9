using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts.Links;

/// <content>What the account does of itself: ranges, its liquidation, cancels for risk.</content>
public sealed partial class LinkedAccount
{
    /// <summary>The request to Clearing that waits for its write or its answer.</summary>
    private AccountMessage _clearing;
    private long _clearingSentMs;
    private ulong _closeLiquidation;
    private uint _closeStep;
    private bool _isDue;

    /// <summary>Clearing's answer to Reserve.</summary>
    public void OnGranted(
        ulong liquidation, uint step, long grantE8, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (!IsAwaited(AccountMessageKind.Reserve, liquidation, step))
            return;
        _clearing = default;
        long walletBefore = Account.WalletE8;
        Account.LiquidationGranted(liquidation, step, grantE8, market);
        if (Account.WalletE8 != walletBefore)
            output.Tell(EngineEventKind.BadDebt, -1, Account.Id).Event.SetMoved(Account, PositionSide.Both, walletBefore);
        NoteChange(1);
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Clearing's answer to Settle.</summary>
    public void OnSettled(ulong liquidation, uint step, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (!IsAwaited(AccountMessageKind.Settle, liquidation, step))
            return;
        _clearing = default;
        Account.LiquidationSettled(liquidation, step);
        NoteChange(1);
        EndInput(market, isInstant: false, output);
    }

    /// <summary>A Mark has written a range, or a newer one of this account.</summary>
    public void OnRangeTaken(int symbol, uint epoch, ulong number, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (epoch != Account.Epoch || Find(symbol) is not { } link)
            return;
        link.RangeTaken = Math.Max(link.RangeTaken, number);
        foreach (BookLink other in Links)
            Acknowledge(other, market, output);
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Works what is due, then registers what marks are safe.</summary>
    private void Lead(MarketTable market, bool isInstant, AccountOutput output)
    {
        if (isInstant && !Account.IsInLiquidation)
        {
            while (Account.TryCoverDebt(market, out int symbol, out int leg, out long amountE8))
            {
                NoteChange(1);
                _wantsWrite = true; // Until it is durable its user is told nothing more.
                output.Tell(EngineEventKind.MarginMoved, symbol, Account.Id).Event.SetMoved(
                    Account, Account.SideOf(leg), Account.WalletE8 - amountE8);
            }

            Account.TryBeginLiquidation(market);
        }

        if (Account.IsInLiquidation || Account.OpenCloses.Length != 0)
            Liquidate(market);
        if (Account.IsInLiquidation)
            return;

        WatchOutcome outcome = Account.Watch(market);
        _isDue = (outcome & WatchOutcome.Under) != 0;
        if (Account.State == TradingState.Halted)
            CancelAll(EndReason.Frozen);
        else if (isInstant && (outcome & WatchOutcome.Unpayable) != 0)
            CancelAll(EndReason.Risk);
        for (int i = 0; i < Account.SymbolCount; i++)
        {
            SymbolState state = Account.StateOf(Account.SymbolAt(i));
            if (state.IsRangeChanged)
                SendRange(state, isNewer: false, output);
        }
    }

    private void Liquidate(MarketTable market)
    {
        while (true)
        {
            LiquidationStep step = Account.NextLiquidationStep(market);
            switch (step.Kind)
            {
                case LiquidationStepKind.Done:
                    NoteChange(1);
                    return;
                case LiquidationStepKind.CancelOrders:
                    CancelPool(in step);
                    return;
                case LiquidationStepKind.Close or LiquidationStepKind.CloseFull:
                    SendClose(in step);
                    return;
                case LiquidationStepKind.Settle:
                    AskClearing(AccountMessageKind.Settle, in step);
                    return;
                case LiquidationStepKind.Reserve or LiquidationStepKind.ReserveDebt:
                    AskClearing(AccountMessageKind.Reserve, in step);
                    return;
                default:
                    return;
            }
        }
    }

    /// <summary>One CancelAll(L) to every book of the pool where orders are open; the answers bring the events.</summary>
    private void CancelPool(in LiquidationStep step)
    {
        foreach (BookLink link in Links)
        {
            if ((step.Symbol >= 0 && step.Symbol != link.Symbol)
                || (link.CancelLiquidation == step.Liquidation && link.CancelPool == step.Symbol && link.QueueCount + link.SentCount != 0))
                continue;
            BookInput input = default;
            if (!Account.CancelAll(link.Symbol, EndReason.Liquidation, _timeMs, ref input))
                continue;
            link.CancelLiquidation = step.Liquidation;
            link.CancelPool = step.Symbol;
            link.Enqueue(in input, token: 0);
        }
    }

    private void SendClose(in LiquidationStep step)
    {
        if (_closeLiquidation == step.Liquidation && _closeStep == step.Step)
            return;
        _closeLiquidation = step.Liquidation;
        _closeStep = step.Step;
        BookInput input = default;
        Account.FillClose(in step, _timeMs, ref input);
        Enter(step.Symbol).Enqueue(in input, token: 0);
    }

    /// <summary>Asked once the account, with the liquidation or with what it spent, is durable.</summary>
    private void AskClearing(AccountMessageKind kind, in LiquidationStep step)
    {
        if (IsAwaited(kind, step.Liquidation, step.Step))
            return;
        Invariant.Holds(_clearing.Kind == AccountMessageKind.None);
        _clearing = new AccountMessage
        {
            Kind = kind,
            Symbol = step.Symbol,
            Liquidation = step.Liquidation,
            Step = step.Step,
            AmountE8 = step.AmountE8,
            EarnedE8 = step.EarnedE8,
        };
        _clearingSentMs = long.MaxValue;
        SendWhenDurable(in _clearing);
    }

    private bool IsAwaited(AccountMessageKind kind, ulong liquidation, uint step) =>
        _clearing.Kind == kind && _clearing.Liquidation == liquidation && _clearing.Step == step;

    private void RepeatToClearing(AccountOutput output)
    {
        if (_clearing.Kind != AccountMessageKind.None && _clearingSentMs != long.MaxValue && _timeMs - _clearingSentMs >= RepeatMs)
            Send(in _clearing, output);
        if (_reportTaken < _reportSent && _timeMs - _reportSentMs >= ReportRepeatMs)
            SendReport(output);
    }

    /// <summary>What the account, or the operator, wants gone; asked for once at a time, and again while orders are left.</summary>
    private void CancelAll(EndReason reason)
    {
        foreach (BookLink link in Links)
        {
            BookInput input = default;
            if (link.IsCancelingAll || !Account.CancelAll(link.Symbol, reason, _timeMs, ref input))
                continue;
            link.IsCancelingAll = true;
            link.Enqueue(in input, token: 0);
        }
    }

    private bool IsRangeTaken(BookLink link) => link.RangeTaken >= Account.StateOf(link.Symbol).RangeNumber;

    private void SendRange(SymbolState state, bool isNewer, AccountOutput output)
    {
        if (isNewer)
            state.RangeNumber++;
        state.IsRangeChanged = false;
        if (Find(state.Symbol) is { } link)
            link.RangeSentMs = _timeMs;
        output.Add(AccountMessageKind.Range, state.Symbol).Range = new PriceRange(
            Account.Id, Account.Epoch, state.RangeNumber, state.RangeLowTicks, state.RangeHighTicks);
    }
}

using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;

namespace Exchange.Core;

// Liquidation instants (docs/protocol.md 5, docs/rules/liquidation.md 7.3): whom to look at, in what order; accounts lead the rest.
public sealed partial class Engine
{
    private readonly AccountWatches _watches = new();

    /// <summary>For tests that look at every account instead: told when a pass begins (false) and when it has ended (true).</summary>
    internal Action<bool>? PassWitness { get; set; }

    /// <summary>Whether the account is looked at in this pass, or else at the next instant.</summary>
    internal bool IsDue(uint account) => _watches.IsNoted(account);

    /// <summary>Whether the pass that ended last has worked the account, or noted it for later.</summary>
    internal bool IsSeen(uint account) => _watches.Seen.Contains(account);

    /// <summary>The pass over due accounts by id, then the risk cancels of 5.7, then the trigger queue.</summary>
    private void LiquidationInstant(int movedSymbol)
    {
        foreach (uint account in _marks[movedSymbol].Alarms.Woken)
            _watches.Note(account);

        PassWitness?.Invoke(false);
        _watches.BeginPass();
        while (_watches.TryNext(out uint id))
            Liquidate(_accounts[id]!);
        _watches.EndPass();
        PassWitness?.Invoke(true);

        foreach (uint id in _watches.Seen)
        {
            MarginAccount account = _accounts[id]!;
            if (!account.IsPayable(_market))
                CancelEverywhere(account, EndReason.Risk);
        }

        WatchAll();
        WorkTriggers();
    }

    /// <summary>Whoever is safe within some range of prices is watched by the marks; the others are looked at next time.</summary>
    private void WatchAll()
    {
        _watches.Forget();
        foreach (uint id in _watches.Seen)
        {
            if (!Watch(_accounts[id]!))
                _watches.Note(id);
        }
    }

    /// <summary>Registers the account's ranges; false: it is due, or not payable, and must be looked at again.</summary>
    private bool Watch(MarginAccount account)
    {
        WatchOutcome outcome = account.Watch(_market);
        while (account.TryTakeRange(out int symbol, out PriceRange range))
            _marks[symbol].Alarms.Register(in range);
        return (outcome & (WatchOutcome.Under | WatchOutcome.Unpayable)) == 0;
    }

    private void Liquidate(MarginAccount account)
    {
        if (account.WalletE8 < 0)
            CoverDebt(account);
        if (!account.TryBeginLiquidation(_market))
            return;
        while (true)
        {
            LiquidationStep step = account.NextLiquidationStep(_market);
            switch (step.Kind)
            {
                case LiquidationStepKind.Done:
                    return;
                case LiquidationStepKind.CancelOrders:
                    CancelEverywhere(account, EndReason.Liquidation, step.Symbol);
                    break;
                case LiquidationStepKind.Close or LiquidationStepKind.CloseFull:
                    Close(account, in step);
                    break;
                case LiquidationStepKind.Reserve or LiquidationStepKind.ReserveDebt:
                    Reserve(account, in step);
                    break;
                case LiquidationStepKind.Settle:
                    _clearing.Settle(account.Id, step.Liquidation, step.Step, step.AmountE8, step.EarnedE8);
                    account.LiquidationSettled(step.Liquidation, step.Step);
                    break;
            }
        }
    }

    private void CoverDebt(MarginAccount account)
    {
        while (account.TryCoverDebt(_market, out int symbol, out int leg, out long amountE8))
        {
            ref EngineEvent e = ref Tell(EngineEventKind.MarginMoved, symbol, account.Id);
            e.Book.PositionSide = account.SideOf(leg);
            e.Book.Amount = amountE8;
            e.Change.WalletDeltaE8 = amountE8;
            e.Change.WalletE8 = account.WalletE8;
            TellPosition(account, symbol, leg, ref e.Change);
        }
    }

    private void Close(MarginAccount account, in LiquidationStep step)
    {
        account.FillClose(in step, _timeMs, ref _message);
        CommandOutcome outcome = SendCommand(account, step.Symbol);
        if (outcome.Reason == RejectReason.Moved)
            account.LiquidationMoved(step.Liquidation, step.Step);
    }

    private void Reserve(MarginAccount account, in LiquidationStep step)
    {
        long walletBefore = account.WalletE8;
        long grantE8 = _clearing.Reserve(account.Id, step.Liquidation, step.Step, step.AmountE8);
        account.LiquidationGranted(step.Liquidation, step.Step, grantE8, _market);
        Report(account);
        if (step.Kind != LiquidationStepKind.ReserveDebt || grantE8 == 0)
            return;
        ref EngineEvent e = ref Tell(EngineEventKind.BadDebt, -1, account.Id);
        e.Book.Amount = grantE8;
        e.Change.WalletDeltaE8 = account.WalletE8 - walletBefore;
        e.Change.WalletE8 = account.WalletE8;
    }
}

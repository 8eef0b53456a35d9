using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core;

// One account's liquidation (docs/rules/liquidation.md 7.3): the account leads, the engine carries its steps to books and Clearing.
public sealed partial class Engine
{
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
            e.SetMoved(account, account.SideOf(leg), account.WalletE8 - amountE8);
            NoteMoved(account.Id);
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
        NoteMoved(account.Id);
        Report(account);
        if (step.Kind != LiquidationStepKind.ReserveDebt || grantE8 == 0)
            return;
        ref EngineEvent e = ref Tell(EngineEventKind.BadDebt, -1, account.Id);
        e.SetMoved(account, PositionSide.Both, walletBefore);
        e.Book.Amount = grantE8;
    }
}

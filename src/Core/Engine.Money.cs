using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// Settings and money that no book knows of.
public sealed partial class Engine
{
    private RejectReason Set(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        TellIfDue(account);
        RejectReason reason = command.Kind switch
        {
            CommandKind.SetLeverage => account.SetLeverage(command.Symbol, command.Leverage, _market),
            CommandKind.SetMarginMode => account.SetMarginMode(command.Symbol, command.MarginMode, _market),
            _ => account.SetPositionMode(command.Hedge),
        };
        if (reason != RejectReason.None)
            return reason;
        _watches.Note(account.Id);
        Tell(EngineEventKind.Setting, command.Kind == CommandKind.SetPositionMode ? -1 : command.Symbol, account.Id);
        return RejectReason.None;
    }

    /// <summary>A frozen account's open orders are canceled; what it holds stays, and is liquidated as any.</summary>
    private RejectReason SetAccountState(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        account.SetState(command.State);
        if (command.State == TradingState.Halted)
            CancelEverywhere(account, EndReason.Frozen);
        Tell(EngineEventKind.Account, -1, account.Id);
        return RejectReason.None;
    }

    private RejectReason MoveMoney(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        TellIfDue(account);
        long before = account.WalletE8;
        RejectReason reason = command.Kind switch
        {
            CommandKind.Deposit => account.Deposit(command.Key, command.Amount),
            CommandKind.Withdraw => account.Withdraw(command.Key, command.Amount, _market),
            _ => account.AdjustMargin(command.Key, command.Symbol, command.PositionSide, command.Amount, _market),
        };
        if (reason != RejectReason.None || account.WalletE8 == before)
            return reason;

        Report(account);
        _watches.Note(account.Id);
        NoteMoved(account.Id);
        EngineEventKind kind = command.Kind switch
        {
            CommandKind.Deposit => EngineEventKind.Deposit,
            CommandKind.Withdraw => EngineEventKind.Withdrawal,
            _ => EngineEventKind.MarginMoved,
        };
        ref EngineEvent e = ref Tell(kind, command.Kind == CommandKind.AdjustMargin ? command.Symbol : -1, account.Id);
        e.SetMoved(account, command.PositionSide, before);
        return RejectReason.None;
    }

    private RejectReason SeedInsurance(in Command command)
    {
        if (command.Amount <= 0 || command.Amount > Instruments.InstrumentLimits.MaxMoneyE8 - _clearing.FundE8)
            return RejectReason.AmountRange;
        _clearing.Seed(command.Amount);
        return RejectReason.None;
    }
}

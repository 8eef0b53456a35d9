using System.Diagnostics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Registration, numbered batches, outboxes (docs/protocol.md 1, 2, 4).
internal sealed partial class NaiveBook
{
    private readonly List<NaiveAccount> _newlyOverOutbox = [];

    private void ApplyCommand(BookInput input)
    {
        if (!_accounts.TryGetValue(input.Account, out NaiveAccount? account))
        {
            _result.Outcome = Refused(RejectReason.NotRegistered);
            return;
        }

        RejectReason refusal = JudgeNumber(account, input);
        if (refusal != RejectReason.None)
        {
            _result.Outcome = Refused(refusal);
            return;
        }

        if (input.Batch == account.Batch && input.Index < account.Outcomes.Count)
        {
            _result.IsRepeat = true;
            _result.Outcome = account.Outcomes[input.Index];
            return;
        }

        if (input.Batch != account.Batch)
            account.Outcomes.Clear();
        account.Batch = input.Batch;
        _result.Outcome = Carry(account, input);
        account.Outcomes.Add(_result.Outcome);
    }

    /// <summary>The next command of the latest batch, the first of the next batch, or a repeat; all else is refused.</summary>
    private static RejectReason JudgeNumber(NaiveAccount account, BookInput input)
    {
        if (input.Epoch < account.Epoch)
            return RejectReason.StaleEpoch;
        if (input.Epoch > account.Epoch || !account.IsRegistered)
            return RejectReason.NotRegistered;
        bool isNextBatch = input.Batch == account.Batch + 1 && input.Index == 0;
        bool isOfThisBatch = input.Batch == account.Batch && input.Index <= account.Outcomes.Count;
        return isNextBatch || isOfThisBatch ? RejectReason.None : RejectReason.Gap;
    }

    private CommandOutcome Carry(NaiveAccount account, BookInput input) => input.Kind switch
    {
        BookInputKind.Place => Place(account, input),
        BookInputKind.Amend => Amend(account, input),
        BookInputKind.Cancel => Cancel(account, input),
        BookInputKind.CancelAll => CancelAll(account, input),
        BookInputKind.Countdown => SetCountdown(account, input),
        BookInputKind.Close => Close(account, input),
        BookInputKind.CloseFull => CloseFull(account, input),
        _ => throw new UnreachableException($"Book command {input.Kind}."),
    };

    private static CommandOutcome Refused(RejectReason reason) => new(reason, 0);

    private void Register(BookInput input)
    {
        if (!_accounts.TryGetValue(input.Account, out NaiveAccount? account))
            _accounts.Add(input.Account, account = new NaiveAccount(input.Account));
        if (input.Epoch < account.Epoch)
        {
            _result.Outcome = Refused(RejectReason.StaleEpoch);
            return;
        }

        if (input.Epoch > account.Epoch)
        {
            account.Epoch = input.Epoch;
            account.Batch = 0;
            account.Outcomes.Clear();
        }

        account.IsRegistered = true;
        ReportEquity(account, input);
    }

    /// <summary>Refused while anything of the account is here; the last (epoch, n) is kept for when it comes again.</summary>
    private void Leave(BookInput input)
    {
        if (!_accounts.TryGetValue(input.Account, out NaiveAccount? account))
            return;
        RejectReason refusal =
            input.Epoch != account.Epoch ? RejectReason.StaleEpoch
            : OrdersOf(account.Id).Count != 0 ? RejectReason.OpenOrders
            : account.Lots[0] != 0 || account.Lots[1] != 0 ? RejectReason.OpenPosition
            : account.Outbox.Count != 0 ? RejectReason.Moved
            : RejectReason.None;
        if (refusal == RejectReason.None)
            account.IsRegistered = false;
        _result.Outcome = Refused(refusal);
    }

    private void Acknowledge(BookInput input)
    {
        if (!_accounts.TryGetValue(input.Account, out NaiveAccount? account) || input.Epoch != account.Epoch)
            return;
        account.Outbox.RemoveAll(e => e.Number <= input.Number);
        if (account.Outbox.Count < outboxPerAccount)
            account.IsOverOutbox = false;
        ReportEquity(account, input);
    }

    private static void ReportEquity(NaiveAccount account, BookInput input)
    {
        account.EquityE8[0] = input.Equity0E8;
        account.EquityE8[1] = input.Equity1E8;
    }

    private void Emit(uint account, BookEvent e)
    {
        NaiveAccount to = _accounts[account];
        e.Account = account;
        e.Number = ++to.LastNumber;
        e.TimeMs = _timeMs;
        if (e.Kind is not (BookEventKind.Accepted or BookEventKind.Amended))
            e.MarkTicks = MarkTicks;
        to.Outbox.Add(e);
        _result.Events.Add(e);
        if (to.Outbox.Count >= outboxPerAccount)
            NoteOverOutbox(to);
    }

    private void NoteOverOutbox(NaiveAccount account)
    {
        if (account.IsOverOutbox)
            return;
        account.IsOverOutbox = true;
        _newlyOverOutbox.Add(account);
    }

    private void CancelOverOutbox()
    {
        if (_accounts.Values.Sum(a => a.Outbox.Count) >= outboxPerBook
            && _accounts.Values.Where(a => !a.IsOverOutbox && a.Outbox.Count > 0).MaxBy(a => a.Outbox.Count) is { } fullest)
            NoteOverOutbox(fullest); // Accounts come by id, so among equals it is the first.
        foreach (NaiveAccount account in _newlyOverOutbox.ToList())
            EndAll(account.Id, EndReason.Outbox);
        _newlyOverOutbox.Clear();
    }
}

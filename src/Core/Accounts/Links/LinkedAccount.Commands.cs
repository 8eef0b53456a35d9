using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Accounts.Links;

/// <content>Clients' commands: judged with what is applied, held in flight, answered when the book has answered.</content>
public sealed partial class LinkedAccount
{
    private (ulong OrderToken, ulong Token)[] _sharers = [];
    private int _sharerCount;

    /// <summary>Commands that several books answer, and how many of them still do after the next.</summary>
    private (ulong Token, int Answers)[] _spread = [];
    private int _spreadCount;

    /// <summary>Takes a client's command; every one gets a Reply with its token, now or later.</summary>
    /// <param name="command">Place, Amend, Cancel, CancelAll (a symbol; -1: all), Countdown, a setting or a transfer; the operator's
    /// CreateAccount and SetAccountState.</param>
    /// <param name="token">Names the command in its Reply; not 0.</param>
    public void Submit(in Command command, ulong token, MarketTable market, long timeMs, AccountOutput output) =>
        Submit(new ReadOnlySpan<Command>(in command), token, market, timeMs, output);

    /// <summary>Takes commands in a row; those for a book go to it together.</summary>
    /// <param name="firstToken">Token of the first; the others' follow.</param>
    public void Submit(ReadOnlySpan<Command> commands, ulong firstToken, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        for (int i = 0; i < commands.Length; i++)
            TakeAndRefuse(in commands[i], firstToken + (ulong)i, market, output);
        EndInput(market, isInstant: false, output);
    }

    private void TakeAndRefuse(in Command command, ulong token, MarketTable market, AccountOutput output)
    {
        if (MustWait(in command) is not { } link)
            JudgeAndRefuse(in command, token, market, output);
        else if (!link.TryWait(in command, token))
            Reply(token, RejectReason.Overloaded, 0, isRepeat: false, output);
    }

    private void JudgeAndRefuse(in Command command, ulong token, MarketTable market, AccountOutput output)
    {
        RejectReason reason = Take(in command, token, market, output, out bool isAnswered);
        if (!isAnswered && reason != RejectReason.None)
            Reply(token, reason, 0, isRepeat: false, output);
    }

    private RejectReason Take(in Command command, ulong token, MarketTable market, AccountOutput output, out bool isAnswered)
    {
        isAnswered = false;
        switch (command.Kind)
        {
            case CommandKind.Place:
                return Place(in command, token, market, output, ref isAnswered);
            case CommandKind.Amend:
                return Amend(in command, token, market);
            case CommandKind.Cancel:
                return Cancel(in command, token);
            case CommandKind.CancelAll when command.Symbol >= 0:
                return CancelAll(command.Symbol, token, output, ref isAnswered);
            case CommandKind.CancelAll:
                return CancelEverywhere(token, output, ref isAnswered);
            case CommandKind.Countdown:
                return Countdown(in command, token, market);
            default:
                long walletBefore = Account.WalletE8;
                RejectReason reason = Change(in command, market);
                if (reason != RejectReason.None)
                    return reason;
                TellChange(in command, walletBefore, output);
                NoteChange(0);
                _changeWrite = _writeNumber + 1;
                SendWhenDurable(new AccountMessage { Kind = AccountMessageKind.Reply, Token = token, Symbol = -1 });
                return RejectReason.None;
        }
    }

    private RejectReason Place(
        in Command command, ulong token, MarketTable market, AccountOutput output, ref bool isAnswered)
    {
        ref readonly OrderTerms terms = ref command.Terms;
        if (!market.IsListed(terms.Symbol))
            return RejectReason.UnknownSymbol;
        BookLink? known = Find(terms.Symbol);
        if (terms.Has(OrderFlags.ReturnRepeats) && !terms.ClientKey.IsNone)
        {
            if (known is { IsRecovering: true } || (known is null && IsRecovering))
                return RejectReason.AccountRecovering;
            known ??= Enter(terms.Symbol);
            isAnswered = known.HasClientIds ? IsRepeat(known, in terms, token, output) : known.TryWait(in command, token);
            if (isAnswered)
                return RejectReason.None;
            if (!known.HasClientIds)
                return RejectReason.Overloaded;
        }

        // What reduces can only free margin: it passes as soon as its own book is known.
        if (IsRecovering && (known is null || known.IsRecovering || !terms.IsReducing))
            return RejectReason.AccountRecovering;
        RejectReason reason = Account.JudgePlace(in terms, market, _timeMs);
        if (reason != RejectReason.None)
            return reason;
        BookLink link = Enter(terms.Symbol);
        if (link.QueueCount >= MaxQueued)
            return RejectReason.Overloaded;
        BookInput input = default;
        reason = Account.ReservePlace(in terms, market, orderId: 0, _timeMs, ref input);
        if (reason == RejectReason.None)
            link.Enqueue(in input, token, _changeWrite);
        return reason;
    }

    /// <summary>The same client order id again: the first order's answer, whenever it comes, and no check that could fail now.</summary>
    private bool IsRepeat(BookLink link, in OrderTerms terms, ulong token, AccountOutput output)
    {
        ulong hash = terms.ContentHash();
        if (link.ClientIds is { } memory && memory.TryFind(terms.ClientKey, out RememberedOrder known))
        {
            RejectReason reason = known.ContentHash == hash ? RejectReason.None : RejectReason.ClientIdReused;
            Reply(token, reason, known.OrderId, isRepeat: true, output, outcomeBits: known.OutcomeBits);
            return true;
        }

        if (!TryFindSame(link.Sent, link.SentTokens, in terms, out ulong first, out bool isSame)
            && !TryFindSame(link.Queue, link.QueueTokens, in terms, out first, out isSame))
            return false;
        if (isSame)
            Share(first, token);
        else
            Reply(token, RejectReason.ClientIdReused, 0, isRepeat: true, output);
        return true;
    }

    private static bool TryFindSame(
        ReadOnlySpan<BookInput> commands, ReadOnlySpan<ulong> tokens, in OrderTerms terms, out ulong token, out bool isSame)
    {
        for (int i = 0; i < commands.Length; i++)
        {
            ref readonly BookInput command = ref commands[i];
            if (command.Kind != BookInputKind.Place || command.Terms.ClientKey != terms.ClientKey
                || !command.Terms.Has(OrderFlags.ReturnRepeats))
                continue;
            token = tokens[i];
            isSame = command.Terms.ContentHash() == terms.ContentHash();
            return true;
        }

        token = 0;
        isSame = false;
        return false;
    }

    private RejectReason Amend(in Command command, ulong token, MarketTable market)
    {
        if (IsRecovering)
            return RejectReason.AccountRecovering;
        if (!TryFindOrder(in command, out BookLink? link, out ulong orderId))
            return RejectReason.UnknownOrder;
        RejectReason reason = Account.JudgeAmend(
            link.Symbol, orderId, command.Fields, command.PriceTicks, command.Lots, market);
        if (reason != RejectReason.None)
            return reason;
        if (link.QueueCount >= MaxQueued)
            return RejectReason.Overloaded;
        BookInput input = default;
        reason = Account.ReserveAmend(
            link.Symbol, orderId, command.Fields, command.PriceTicks, command.Lots, market, _timeMs, ref input);
        if (reason == RejectReason.None)
            link.Enqueue(in input, token, _changeWrite);
        return reason;
    }

    private RejectReason Cancel(in Command command, ulong token)
    {
        if (!TryFindOrder(in command, out BookLink? link, out ulong orderId))
            return IsRecovering ? RejectReason.AccountRecovering : RejectReason.UnknownOrder;
        if (link.QueueCount >= MaxQueued)
            return RejectReason.Overloaded;
        BookInput input = default;
        RejectReason reason = Account.Cancel(link.Symbol, orderId, EndReason.User, _timeMs, ref input);
        if (reason == RejectReason.None)
            link.Enqueue(in input, token);
        return reason;
    }

    private RejectReason CancelAll(int symbol, ulong token, AccountOutput output, ref bool isAnswered)
    {
        BookLink? link = Find(symbol);
        if (link is { IsRecovering: true })
            return RejectReason.AccountRecovering;
        if (link is { QueueCount: >= MaxQueued })
            return RejectReason.Overloaded;
        BookInput input = default;
        if (link is not null && Account.CancelAll(symbol, EndReason.User, _timeMs, ref input))
        {
            link.Enqueue(in input, token);
            return RejectReason.None;
        }

        isAnswered = true;
        Reply(token, RejectReason.None, 0, isRepeat: false, output);
        return RejectReason.None;
    }

    /// <summary>In every book where orders are open; answered once all books have answered.</summary>
    private RejectReason CancelEverywhere(ulong token, AccountOutput output, ref bool isAnswered)
    {
        if (IsRecovering)
            return RejectReason.AccountRecovering;
        foreach (BookLink link in Links)
        {
            if (link.QueueCount >= MaxQueued)
                return RejectReason.Overloaded;
        }

        int books = 0;
        foreach (BookLink link in Links)
        {
            BookInput input = default;
            if (!Account.CancelAll(link.Symbol, EndReason.User, _timeMs, ref input))
                continue;
            link.Enqueue(in input, token);
            books++;
        }

        isAnswered = true;
        if (books == 0)
            Reply(token, RejectReason.None, 0, isRepeat: false, output);
        else if (books > 1)
            Spread(token, books - 1);
        return RejectReason.None;
    }

    /// <summary>A command that several books answer: so many answers are not yet the last.</summary>
    private void Spread(ulong token, int answers)
    {
        if (_spreadCount == _spread.Length)
            Array.Resize(ref _spread, Math.Max(4, _spreadCount * 2));
        _spread[_spreadCount++] = (token, answers);
    }

    /// <summary>Whether other books have yet to answer the command.</summary>
    private bool IsAwaitedFromMore(ulong token)
    {
        for (int i = 0; i < _spreadCount; i++)
        {
            ref (ulong Token, int Answers) spread = ref _spread[i];
            if (spread.Token != token)
                continue;
            if (--spread.Answers == 0)
                spread = _spread[--_spreadCount];
            return true;
        }

        return false;
    }

    private RejectReason Countdown(in Command command, ulong token, MarketTable market)
    {
        if (!market.IsListed(command.Symbol))
            return RejectReason.UnknownSymbol;
        if (IsRecovering && Find(command.Symbol) is not { IsRecovering: false })
            return RejectReason.AccountRecovering;
        if (command.Amount is < 0 or > Limits.CountdownMs)
            return RejectReason.CountdownRange;
        BookLink link = Enter(command.Symbol);
        if (link.QueueCount >= MaxQueued)
            return RejectReason.Overloaded;
        BookInput input = default;
        RejectReason reason = Account.Countdown(command.Symbol, command.Amount, market, _timeMs, ref input);
        if (reason == RejectReason.None)
            link.Enqueue(in input, token);
        return reason;
    }

    private RejectReason Change(in Command command, MarketTable market)
    {
        if (command.Kind == CommandKind.Deposit)
            return Account.Deposit(command.Key, command.Amount);
        if (command.Kind == CommandKind.CreateAccount)
            return RejectReason.None; // To be is to be written.
        if (command.Kind == CommandKind.SetAccountState)
        {
            Account.SetState(command.State);
            return RejectReason.None;
        }

        if (IsRecovering)
            return RejectReason.AccountRecovering;
        return command.Kind switch
        {
            CommandKind.Withdraw => Account.Withdraw(command.Key, command.Amount, market),
            CommandKind.AdjustMargin =>
                Account.AdjustMargin(command.Key, command.Symbol, command.PositionSide, command.Amount, market),
            CommandKind.SetLeverage => Account.SetLeverage(command.Symbol, command.Leverage, market),
            CommandKind.SetMarginMode => Account.SetMarginMode(command.Symbol, command.MarginMode, market),
            CommandKind.SetPositionMode => Account.SetPositionMode(command.Hedge),
            _ => RejectReason.BadCombination,
        };
    }

    private void TellChange(in Command command, long walletBeforeE8, AccountOutput output)
    {
        EngineEventKind kind = command.Kind switch
        {
            CommandKind.Deposit => EngineEventKind.Deposit,
            CommandKind.Withdraw => EngineEventKind.Withdrawal,
            CommandKind.AdjustMargin => EngineEventKind.MarginMoved,
            CommandKind.CreateAccount or CommandKind.SetAccountState => EngineEventKind.Account,
            _ => EngineEventKind.Setting,
        };
        bool isMoney = kind is EngineEventKind.Deposit or EngineEventKind.Withdrawal or EngineEventKind.MarginMoved;
        if (isMoney && Account.WalletE8 == walletBeforeE8)
            return; // A transfer repeated.
        int symbol = command.Kind is CommandKind.AdjustMargin or CommandKind.SetLeverage or CommandKind.SetMarginMode ? command.Symbol : -1;
        ref EngineEvent told = ref output.Tell(kind, symbol, Account.Id).Event;
        if (isMoney)
            told.SetMoved(Account, command.PositionSide, walletBeforeE8);
    }

    private bool TryFindOrder(
        in Command command, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BookLink? link, out ulong orderId)
    {
        orderId = command.OrderId != 0 ? command.OrderId : Account.OrderOf(command.Symbol, command.Key);
        link = orderId == 0 ? null : Find(Account.SymbolOf(orderId));
        return link is not null;
    }

    /// <summary>One command of an answered batch: what it held is free, and whoever sent it hears.</summary>
    private void Conclude(
        BookLink link, in BookInput command, ulong token, CommandOutcome outcome, MarketTable market, AccountOutput output)
    {
        Account.Resolve(link.Symbol, command.CommandKey, market[link.Symbol].Instrument);
        if (outcome.Reason == RejectReason.Moved && command.Kind is BookInputKind.Close or BookInputKind.CloseFull)
            Account.LiquidationMoved(command.Liquidation, command.Step);
        if (command.Kind == BookInputKind.CancelAll && command.Reason is EndReason.Risk or EndReason.Frozen)
            link.IsCancelingAll = false;
        if (token == 0 || IsAwaitedFromMore(token))
            return;
        if (outcome.Reason == RejectReason.PostOnlyWouldCross)
            Reply(token, outcome.Reason, 0, isRepeat: false, output, limitTicks: (long)outcome.OrderId);
        else
            Reply(token, outcome.Reason, outcome.OrderId, isRepeat: false, output);
    }

    private void Reply(ulong token, RejectReason reason, ulong orderId, bool isRepeat, AccountOutput output, long limitTicks = 0, ulong outcomeBits = 0)
    {
        ref AccountMessage reply = ref output.Add(AccountMessageKind.Reply);
        reply.Token = token;
        reply.Reason = reason;
        reply.OrderId = orderId;
        reply.LimitTicks = limitTicks;
        reply.IsRepeat = isRepeat;
        reply.OutcomeBits = outcomeBits;
        int kept = 0;
        for (int i = 0; i < _sharerCount; i++)
        {
            (ulong orderToken, ulong sharer) = _sharers[i];
            if (orderToken != token)
            {
                _sharers[kept++] = _sharers[i];
                continue;
            }

            ref AccountMessage shared = ref output.Add(AccountMessageKind.Reply);
            shared.Token = sharer;
            shared.Reason = reason;
            shared.OrderId = orderId;
            shared.LimitTicks = limitTicks;
            shared.IsRepeat = true;
        }

        _sharerCount = kept;
    }

    private void Share(ulong orderToken, ulong token)
    {
        if (_sharerCount == _sharers.Length)
            Array.Resize(ref _sharers, Math.Max(4, _sharerCount * 2));
        _sharers[_sharerCount++] = (orderToken, token);
    }

    /// <summary>Keeps the copy of the book's ring up with what it accepts.</summary>
    private void Remember(BookLink link, in BookEvent accepted)
    {
        foreach (ref readonly BookInput command in link.Sent)
        {
            if (command.Kind != BookInputKind.Place || !command.Terms.Has(OrderFlags.ReturnRepeats)
                || command.Terms.ClientKey.IsNone || command.CommandKey != accepted.OtherId)
                continue;
            link.ClientIds ??= new ClientIdMemory();
            link.ClientIds.Add(new RememberedOrder(command.Terms.ClientKey, command.Terms.ContentHash(), accepted.OrderId, OutcomeBits: 0));
        }
    }
}

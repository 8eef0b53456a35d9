using Exchange.Core.Books;

namespace Exchange.Core.Accounts.Links;

/// <content>The books: registration, batches, events, leaving.</content>
public sealed partial class LinkedAccount
{
    /// <summary>A book's answer to Register, as of one event number.</summary>
    /// <param name="epoch">The registration it answers; others are ignored.</param>
    /// <param name="refusal">None, or <see cref="RejectReason.StaleEpoch"/>.</param>
    /// <param name="orders">The account's open orders as of <paramref name="upTo"/>.</param>
    /// <param name="events">Those after the number that Register named, up to <paramref name="upTo"/>.</param>
    /// <param name="clientIds">The book's ring of the account's client order ids, oldest first.</param>
    public void OnRegistered(
        int symbol, uint epoch, RejectReason refusal, ReadOnlySpan<OpenOrder> orders, ReadOnlySpan<BookEvent> events,
        ReadOnlySpan<RememberedOrder> clientIds, ulong upTo, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (epoch != Account.Epoch || Find(symbol) is not { Phase: LinkPhase.Registering } link)
            return;
        if (refusal != RejectReason.None)
        {
            StepDown(output);
            return;
        }

        ApplyEvents(link, events, market, output);
        if (Account.LastEventOf(symbol) != upTo)
            return; // An answer to an earlier question; Register is repeated with what is known now.

        // Registered again within this activation: our orders are known by their events, and some may be in flight.
        if (link.IsRecovering)
        {
            Account.RestoreOrders(symbol, orders, market[symbol].Instrument);
            output.SetRestored(symbol, orders);
        }

        if (clientIds.Length != 0)
            link.ClientIds ??= new ClientIdMemory();
        link.HasClientIds = true;
        foreach (ref readonly RememberedOrder order in clientIds)
            link.ClientIds!.Add(in order);
        link.Phase = LinkPhase.Ready;
        Acknowledge(link, market, output);
        if (link.SentCount != 0)
            ResendBatch(link, output);
        if (link.IsRecovering)
        {
            link.IsRecovering = false;
            Account.ForgetUnknownCloses(symbol);
            if (!IsRecovering)
                Account.RestartLiquidation();
        }

        SubmitWaiting(link, market, output);
        EndInput(market, isInstant: true, output);
    }

    /// <summary>A book's answer to a batch.</summary>
    /// <param name="outcomes">One for each command of the batch.</param>
    /// <param name="events">Those the account may not have, up to <paramref name="upTo"/>.</param>
    public void OnAnswer(
        int symbol, uint epoch, uint batch, RejectReason refusal, ReadOnlySpan<CommandOutcome> outcomes,
        ReadOnlySpan<BookEvent> events, ulong upTo, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (epoch != Account.Epoch || Find(symbol) is not { Phase: LinkPhase.Ready } link
            || link.SentCount == 0 || link.Sent[0].Batch != batch)
            return;
        if (refusal == RejectReason.StaleEpoch)
        {
            StepDown(output);
            return;
        }

        if (refusal == RejectReason.NotRegistered)
        {
            // A Leave that was repeated on its way came after we had entered again. The book keeps (epoch, n).
            SendRegister(link, market, output);
            return;
        }

        ApplyEvents(link, events, market, output);
        if (refusal != RejectReason.None || Account.LastEventOf(symbol) < upTo)
        {
            AskEvents(link, output); // The answer comes again with the repeated batch.
            return;
        }

        SymbolState state = Account.StateOf(symbol);
        state.IsSilent = false;
        for (int i = 0; i < link.SentCount; i++)
            Conclude(link, in link.Sent[i], link.SentTokens[i], outcomes[i], market, output);
        link.EndBatch();
        SubmitWaiting(link, market, output);
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Events a book pushes, or sends again because they were asked for.</summary>
    public void OnEvents(int symbol, ReadOnlySpan<BookEvent> events, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (Find(symbol) is not { Phase: LinkPhase.Ready or LinkPhase.Leaving } link)
            return; // They come again: with the answer to Register, or because they are not acknowledged.
        if (!ApplyEvents(link, events, market, output))
            AskEvents(link, output);
        if (events.Length != 0 && events[0].Number <= link.DurableEvent)
            Acknowledge(link, market, output, isRepeat: true); // It does not know what was acknowledged.
        EndInput(market, isInstant: false, output);
    }

    /// <summary>A book's answer to Leave.</summary>
    public void OnLeft(int symbol, uint epoch, RejectReason refusal, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (epoch != Account.Epoch || Find(symbol) is not { Phase: LinkPhase.Leaving } link)
            return;
        if (refusal != RejectReason.None || link.QueueCount != 0)
        {
            // It has events for us after all, or our acknowledgement of them was lost, or we have commands again: registering anew
            // changes nothing there.
            if (refusal == RejectReason.Moved)
                Acknowledge(link, market, output, isRepeat: true);
            SendRegister(link, market, output);
            EndInput(market, isInstant: false, output);
            return;
        }

        RemoveLink(link);
        Account.StateOf(symbol).IsRegistered = false;
        _wantsWrite = true;
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Leaves every book where nothing is open and everything is acknowledged.</summary>
    public void LeaveIdleBooks(MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        foreach (BookLink link in Links)
        {
            if (!IsIdle(link))
                continue;
            link.Phase = LinkPhase.Leaving;
            SendLeave(link, output);
        }

        EndInput(market, isInstant: false, output);
    }

    /// <summary>Nothing is open there, in flight or unacknowledged.</summary>
    private bool IsIdle(BookLink link)
    {
        SymbolState state = Account.StateOf(link.Symbol);
        return link.Phase == LinkPhase.Ready && state.IsIdle && link.QueueCount + link.SentCount == 0
            && link.AcknowledgedEvent == state.LastEvent && IsRangeTaken(link);
    }

    /// <summary>The link of a book that is to be sent a command; entered if need be.</summary>
    private BookLink Enter(int symbol)
    {
        if (Find(symbol) is { } known)
            return known;
        BookLink link = AddLink(symbol);
        Account.EnterBook(symbol);
        link.DurableEvent = link.EventAtCut = link.AcknowledgedEvent = Account.LastEventOf(symbol);
        link.EntryWrite = _writeNumber + 1;
        _wantsWrite = true;
        return link;
    }

    private void SendRegister(BookLink link, MarketTable market, AccountOutput output)
    {
        BookInput input = default;
        link.Phase = LinkPhase.Registering;
        link.SentMs = _timeMs;
        Account.FillRegister(link.Symbol, market, _timeMs, ref input);
        input.Number = Account.LastEventOf(link.Symbol);
        output.AddCommands(AccountMessageKind.Register, link.Symbol, input.Number, [input]);
    }

    private void SendLeave(BookLink link, AccountOutput output)
    {
        link.SentMs = _timeMs;
        BookInput input = new()
        {
            TimeMs = _timeMs,
            Kind = BookInputKind.Leave,
            Account = Account.Id,
            Epoch = Account.Epoch,
        };
        output.AddCommands(AccountMessageKind.Leave, link.Symbol, 0, [input]);
    }

    private void SendBatch(BookLink link, AccountOutput output)
    {
        if (link.Phase != LinkPhase.Ready || link.SentCount != 0 || link.QueueCount == 0 || link.NextAfter > _writtenNumber)
            return;
        link.BeginBatch();
        link.FirstSentMs = _timeMs;
        Account.NoteBatchSent(link.Symbol, link.SentCount);
        ResendBatch(link, output);
    }

    private void Repeat(BookLink link, MarketTable market, AccountOutput output)
    {
        if (link.SentCount != 0 && _timeMs - link.FirstSentMs >= SilentMs)
            Account.StateOf(link.Symbol).IsSilent = true;
        if (!IsRangeTaken(link) && _timeMs - link.RangeSentMs >= RepeatMs)
            SendRange(Account.StateOf(link.Symbol), isNewer: false, output);
        if (_timeMs - link.SentMs < RepeatMs)
            return;
        switch (link.Phase)
        {
            case LinkPhase.Registering:
                SendRegister(link, market, output);
                break;
            case LinkPhase.Leaving:
                SendLeave(link, output);
                break;
            case LinkPhase.Ready when link.SentCount != 0:
                ResendBatch(link, output);
                break;
        }
    }

    private void ResendBatch(BookLink link, AccountOutput output)
    {
        link.SentMs = _timeMs;
        output.AddCommands(AccountMessageKind.Batch, link.Symbol, Account.LastEventOf(link.Symbol), link.Sent);
    }

    /// <summary>Applies events in order; false: one is missing, and what follows it was left.</summary>
    private bool ApplyEvents(BookLink link, ReadOnlySpan<BookEvent> events, MarketTable market, AccountOutput output)
    {
        foreach (ref readonly BookEvent e in events)
        {
            ref AccountHappening told = ref output.Tell(EngineEventKind.Book, link.Symbol, Account.Id);
            EventOutcome outcome = Account.Apply(link.Symbol, in e, market, ref told.Event.Change);
            if (outcome != EventOutcome.Applied)
                output.TakeBack();
            if (outcome == EventOutcome.Gap)
                return false;
            if (outcome != EventOutcome.Applied)
                continue;
            NoteChange(1);
            told.Event.Book = e;

            // Only a new event can speak of what was sent: a late copy of a former life's names the same (n, index).
            if (e.Kind == BookEventKind.Accepted)
                Remember(link, in e);
            told.Token = TokenOf(link, in e);
        }

        return true;
    }

    /// <summary>The command in flight that led to an order's acceptance or amendment.</summary>
    private static ulong TokenOf(BookLink link, in BookEvent e)
    {
        if (e.Kind is not (BookEventKind.Accepted or BookEventKind.Amended))
            return 0;
        for (int i = 0; i < link.SentCount; i++)
        {
            ref readonly BookInput command = ref link.Sent[i];
            if (e.Kind == BookEventKind.Accepted
                ? command.Kind == BookInputKind.Place && command.CommandKey == e.OtherId
                : command.Kind == BookInputKind.Amend && command.OrderId == e.OrderId)
                return link.SentTokens[i];
        }

        return 0;
    }

    private void AskEvents(BookLink link, AccountOutput output) =>
        output.Add(AccountMessageKind.AskEvents, link.Symbol).Number = Account.LastEventOf(link.Symbol);
}

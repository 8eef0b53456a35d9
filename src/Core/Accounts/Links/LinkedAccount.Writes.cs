namespace Exchange.Core.Accounts.Links;

/// <content>Writes: one at a time, each the whole account; what must wait for one; what follows from one.</content>
public sealed partial class LinkedAccount
{
    private Waiter[] _waiters = new Waiter[4];
    private int _waiterCount;
    private ulong _writeNumber;
    private ulong _writtenNumber;
    private bool _isWriting;
    private bool _wantsWrite;

    /// <summary>The write that has the last transfer or setting: an order judged by it must not reach a book before it is durable.</summary>
    private ulong _changeWrite;

    /// <summary>Something was applied that the last cut does not have, and since when.</summary>
    private bool _isChanged;
    private long _changedMs;
    private int _changedEvents;

    /// <summary>Events were applied since the last instant, and when the first.</summary>
    private bool _isUnjudged;
    private long _unjudgedMs;

    /// <summary>Reports are cumulative: one account's are not worth more than so many, ms; Clearing gathers them for a while before it answers.</summary>
    private const long ReportMs = 5_000;
    private const long ReportRepeatMs = 3_000;

    private AccountTotals _totalsAtCut;
    private AccountTotals _durableTotals;
    private ulong _reportSent;
    private ulong _reportTaken;
    private long _reportSentMs = -ReportMs;
    private AccountTotals _reported;

    /// <summary>The totals that are durable are not those of the last report.</summary>
    private bool _wantsReport;

    /// <summary>The write with this number is durable.</summary>
    public void OnWritten(ulong number, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        if (!_isWriting || number != _writeNumber)
            return;
        _isWriting = false;
        _writtenNumber = number;
        _durableTotals = _totalsAtCut;
        foreach (BookLink link in Links)
        {
            link.DurableEvent = link.EventAtCut;
            Acknowledge(link, market, output);
            if (link.Phase == LinkPhase.Entering && number >= link.EntryWrite)
                SendRegister(link, market, output);
        }

        ReleaseWaiters(output);
        _wantsReport |= _durableTotals != _reported;
        if (_wantsReport && _timeMs - _reportSentMs >= ReportMs)
            SendReport(output);
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Clearing has a report with this number or a later one.</summary>
    public void OnReported(ulong number) => _reportTaken = Math.Max(_reportTaken, number);

    private void NoteChange(int events)
    {
        if (!_isChanged)
            _changedMs = _timeMs;
        _isChanged = true;
        if (events != 0 && !_isUnjudged)
            (_isUnjudged, _unjudgedMs) = (true, _timeMs);
        _changedEvents += events;
        if (_changedEvents >= WriteEvents)
            _wantsWrite = true;
    }

    /// <summary>Sends a message once the account as it is now is durable.</summary>
    private void SendWhenDurable(in AccountMessage message)
    {
        if (_waiterCount == _waiters.Length)
            Array.Resize(ref _waiters, _waiterCount * 2);
        _waiters[_waiterCount++] = new Waiter { Write = _writeNumber + 1, Message = message };
        _wantsWrite = true;
    }

    private void BeginWrite(AccountOutput output)
    {
        if (!_wantsWrite || _isWriting)
            return;
        _wantsWrite = false;
        _isWriting = true;
        _isChanged = false;
        _changedEvents = 0;
        _totalsAtCut = Account.Totals;
        foreach (BookLink link in Links)
        {
            link.EventAtCut = Account.LastEventOf(link.Symbol);
            link.RangeAtCut = Account.StateOf(link.Symbol).RangeNumber;
        }

        output.Add(AccountMessageKind.Write).Number = ++_writeNumber;
    }

    private void ReleaseWaiters(AccountOutput output)
    {
        int kept = 0;
        for (int i = 0; i < _waiterCount; i++)
        {
            if (_waiters[i].Write > _writtenNumber)
                _waiters[kept++] = _waiters[i];
            else
                Send(in _waiters[i].Message, output);
        }

        _waiterCount = kept;
    }

    private void Send(in AccountMessage message, AccountOutput output)
    {
        output.Add(in message);
        if (message.Kind is AccountMessageKind.Reserve or AccountMessageKind.Settle)
            _clearingSentMs = _timeMs;
    }

    /// <summary>What is durable here the book may forget, once the ranges it led to are durable at the marks.</summary>
    private void Acknowledge(BookLink link, MarketTable market, AccountOutput output, bool isRepeat = false)
    {
        if (link.Phase is not (LinkPhase.Ready or LinkPhase.Leaving) || (link.DurableEvent <= link.AcknowledgedEvent && !isRepeat))
            return;
        foreach (BookLink other in Links)
        {
            if (other.RangeTaken < other.RangeAtCut)
                return;
        }

        Books.BookInput input = default;
        Account.FillAcknowledge(link.Symbol, market, _timeMs, ref input);
        input.Number = link.DurableEvent;
        link.AcknowledgedEvent = link.DurableEvent;
        output.AddCommands(AccountMessageKind.Acknowledge, link.Symbol, input.Number, [input]);
    }

    /// <summary>Only durable totals are reported; the number is the write's.</summary>
    private void SendReport(AccountOutput output)
    {
        if (_writtenNumber == 0)
            return;
        ref AccountMessage message = ref output.Add(AccountMessageKind.Report);
        message.Number = _reportSent = _writtenNumber;
        message.Totals = _reported = _durableTotals;
        _reportSentMs = _timeMs;
        _wantsReport = false;
    }

    private struct Waiter
    {
        public ulong Write;
        public AccountMessage Message;
    }
}

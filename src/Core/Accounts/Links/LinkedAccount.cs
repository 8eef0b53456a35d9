using Exchange.Core.Wire;

namespace Exchange.Core.Accounts.Links;

/// <summary>A <see cref="MarginAccount"/> whose books, marks and Clearing answer by messages that may be lost, repeated or late.</summary>
/// <remarks>
/// <para>Key: account id. Rules: docs/protocol.md. It decides what to send, what to repeat and what must be durable before; a host
/// carries out <see cref="AccountOutput"/> in order and calls back with answers. Every call carries the marks it is decided with
/// and the time; the account's time never goes back.</para>
/// <para>A host: loads the last durable write (<see cref="Read"/>), takes the next epoch and calls <see cref="Start"/>; calls
/// <see cref="Tick"/> at least once a second; on a Write message takes <see cref="Write"/> at once and reports
/// <see cref="OnWritten"/> when it is durable; on StepDown forgets the object.</para>
/// </remarks>
public sealed partial class LinkedAccount
{
    /// <summary>What is not answered after this long is sent again.</summary>
    public const long RepeatMs = 1_000;

    /// <summary>A book silent for this long no longer holds up pools without a position in its symbol.</summary>
    public const long SilentMs = 5_000;

    /// <summary>Nothing applied stays unwritten longer, in ms and in events.</summary>
    public const long WriteMs = 2_500;
    public const int WriteEvents = 128;

    /// <summary>What was applied is judged as at an instant (semantics 7) after this long at the latest.</summary>
    private const long JudgeMs = 1_000;

    /// <summary>Commands that may wait for a book; beyond it they are refused with <see cref="RejectReason.Overloaded"/>.</summary>
    public const int MaxQueued = Limits.CommandsQueued;

    /// <summary>Of what is written: a change of what it says raises it.</summary>
    private const byte Format = 1;
    private static readonly uint Tag = SnapshotTag.Of("LACC");
    private BookLink[] _links = [];
    private int _linkCount;
    private long _timeMs;
    private bool _isSteppedDown;

    public LinkedAccount(uint id) => Account = new MarginAccount(id, collectsBatches: true);

    /// <summary>For reading; only this object changes it.</summary>
    public MarginAccount Account { get; }

    /// <summary>Some book of a former life has not answered yet.</summary>
    public bool IsRecovering
    {
        get
        {
            foreach (BookLink link in Links)
            {
                if (link.IsRecovering)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Nothing is in flight, waits or is to be written.</summary>
    public bool IsAtRest
    {
        get
        {
            foreach (BookLink link in Links)
            {
                if (link.Phase != LinkPhase.Ready || link.QueueCount + link.SentCount != 0 || !IsRangeTaken(link)
                    || link.AcknowledgedEvent != Account.LastEventOf(link.Symbol))
                    return false;
            }

            return !_isWriting && !_wantsWrite && !_isChanged && !_isUnjudged && _waiterCount == 0 && _clearing.Kind == AccountMessageKind.None
                && !Account.IsInLiquidation && Account.OpenCloses.Length == 0 && _reportTaken >= _reportSent && !_wantsReport;
        }
    }

    /// <summary>When <see cref="Tick"/> has something to do, if nothing else comes before: 0: at once; <see cref="long.MaxValue"/>: never.</summary>
    public long NextTickMs
    {
        get
        {
            if (_isDue || Account.IsInLiquidation || Account.OpenCloses.Length != 0)
                return 0;
            long next = _isChanged ? _changedMs + WriteMs : long.MaxValue;
            if (_isUnjudged)
                next = Math.Min(next, _unjudgedMs + JudgeMs);
            if (_reportTaken < _reportSent)
                next = Math.Min(next, _reportSentMs + ReportRepeatMs);
            else if (_wantsReport)
                next = Math.Min(next, _reportSentMs + ReportMs);
            if (_clearing.Kind != AccountMessageKind.None && _clearingSentMs != long.MaxValue)
                next = Math.Min(next, _clearingSentMs + RepeatMs);
            foreach (BookLink link in Links)
            {
                if (link.Phase is LinkPhase.Registering or LinkPhase.Leaving || link.SentCount != 0)
                    next = Math.Min(next, link.SentMs + RepeatMs);
                if (!IsRangeTaken(link))
                    next = Math.Min(next, link.RangeSentMs + RepeatMs);
            }

            return next;
        }
    }

    /// <summary>Some book could be left (<see cref="LeaveIdleBooks"/>).</summary>
    public bool HasIdleBook
    {
        get
        {
            foreach (BookLink link in Links)
            {
                if (IsIdle(link))
                    return true;
            }

            return false;
        }
    }

    private ReadOnlySpan<BookLink> Links => _links.AsSpan(0, _linkCount);

    /// <summary>Writes what the account alone knows, as one consistent cut: books keep the rest.</summary>
    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(Format);
        writer.Write(_writeNumber);
        writer.Write(_timeMs);
        Account.Write(writer, withOrders: false);
        writer.EndSection();
    }

    /// <summary>Reads a durable write into a fresh object, before <see cref="Start"/>.</summary>
    public void Read(SnapshotReader reader)
    {
        reader.BeginSection(Tag);
        if (reader.ReadByte() is not Format and var format)
            throw new SnapshotException($"The state of account {Account.Id} is of format {format}, this build's is {Format}.");
        _writeNumber = reader.ReadUInt64();
        _timeMs = reader.ReadInt64();
        Account.Read(reader);
        reader.EndSection();
    }

    /// <summary>Begins an activation: registers with every book of the list, and refuses most things until all have answered.</summary>
    /// <param name="epoch">Higher than any before, taken from the store.</param>
    public void Start(uint epoch, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        _writtenNumber = _writeNumber;
        _durableTotals = Account.Totals;
        Account.BeginEpoch(epoch);
        Account.ForgetUnknownCloses(symbol: -1);
        for (int i = 0; i < Account.SymbolCount; i++)
        {
            SymbolState state = Account.StateOf(Account.SymbolAt(i));
            if (!state.IsRegistered)
                continue;
            BookLink link = AddLink(state.Symbol);
            link.IsRecovering = true;
            link.DurableEvent = state.LastEvent;
            SendRegister(link, market, output);
        }

        _wantsReport = _writeNumber != 0;
        if (_wantsReport)
            SendReport(output);
        if (!IsRecovering)
            Account.RestartLiquidation();
        EndInput(market, isInstant: false, output);
    }

    /// <summary>Time passes: repeats what is unanswered, writes what waits long enough, and works what is due.</summary>
    public void Tick(MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        foreach (BookLink link in Links)
            Repeat(link, market, output);
        RepeatToClearing(output);
        if (_wantsReport && timeMs - _reportSentMs >= ReportMs)
            SendReport(output);
        if (_isChanged && timeMs - _changedMs >= WriteMs)
            _wantsWrite = true;
        EndInput(market, isInstant: true, output);
    }

    /// <summary>A mark has left a range that was registered (or the registration came too late).</summary>
    public void OnWake(int symbol, MarketTable market, long timeMs, AccountOutput output)
    {
        BeginInput(timeMs, output);
        EndInput(market, isInstant: true, output);

        // A wake is repeated until a newer registration arrives, so a safe account must register anew even if nothing changed.
        SymbolState? state = Account.StateOrNull(symbol);
        if (state is not null && !IsRecovering && !Account.IsInLiquidation && !_isDue)
            SendRange(state, isNewer: !state.IsRangeChanged, output);
        else if (state is null)
            SendRange(Account.StateOf(symbol), isNewer: true, output);
    }

    private void BeginInput(long timeMs, AccountOutput output)
    {
        Invariant.Holds(!_isSteppedDown);
        output.Clear();
        _timeMs = Math.Max(_timeMs, timeMs);
    }

    /// <summary>After every input: what is due, new ranges, batches that can go, the write that is wanted.</summary>
    private void EndInput(MarketTable market, bool isInstant, AccountOutput output)
    {
        if (_isSteppedDown)
            return;
        if (isInstant)
            _isUnjudged = false;
        if (!IsRecovering)
            Lead(market, isInstant, output);
        foreach (BookLink link in Links)
            SendBatch(link, output);
        BeginWrite(output);
    }

    /// <summary>Tokens of the commands of the batch in flight to a book, in their order.</summary>
    internal ReadOnlySpan<ulong> SentTokensOf(int symbol) => Find(symbol) is { } link ? link.SentTokens : [];

    private BookLink? Find(int symbol)
    {
        foreach (BookLink link in Links)
        {
            if (link.Symbol == symbol)
                return link;
        }

        return null;
    }

    private BookLink AddLink(int symbol)
    {
        if (_linkCount == _links.Length)
            Array.Resize(ref _links, Math.Max(2, _linkCount * 2));
        return _links[_linkCount++] = new BookLink(symbol);
    }

    private void RemoveLink(BookLink link)
    {
        int at = Array.IndexOf(_links, link);
        Array.Copy(_links, at + 1, _links, at, --_linkCount - at);
        _links[_linkCount] = null!;
    }

    private void StepDown(AccountOutput output)
    {
        _isSteppedDown = true;
        output.Clear();
        output.Add(AccountMessageKind.StepDown);
    }
}

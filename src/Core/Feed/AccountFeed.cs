using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Core.Feed;

/// <summary>What one account's user is shown and told: its history, its events and the answers to its commands.</summary>
/// <remarks>
/// <para>A cluster's counterpart of <see cref="FeedBuilder"/>, beside the account's activation. All of it is a function of what the account
/// applied, written as rows in one cut with the account's state: whoever comes up reads them back (<see cref="Restore"/>).</para>
/// <para>A host: <see cref="Note"/> with each command before it is done; <see cref="Tell"/> with each output before it is carried out;
/// <see cref="TakeRows"/> with each write, and <see cref="OnWritten"/> when that is durable; <see cref="Release"/> after both. Reads may be
/// answered while <see cref="IsDurable"/>.</para>
/// </remarks>
public sealed partial class AccountFeed
{
    /// <summary>After so many rows a checkpoint is written: of older ones nothing is needed to go on.</summary>
    public const int CheckpointRows = 1_024;

    /// <summary>Rows kept for streams that resume while nobody listens, and in a life that somebody may have listened before.</summary>
    private const ulong RowsKept = 256;
    private const int RowsKeptAfterRestart = 1_024;

    private const byte HappeningRow = 1;
    private const byte CheckpointRow = 2;
    private readonly uint _account;
    private readonly EventTeller _teller = new(ToldParts.Accounts);
    private readonly FeedBuffer _feed = new(8);
    private readonly SnapshotWriter _row = new(256);
    private readonly RowLog _rows = new();
    private int _sinceCheckpoint;
    private long _timeMs;
    private bool _isRestored;

    /// <param name="account">Whose.</param>
    /// <param name="limits">Bounds of its history.</param>
    public AccountFeed(uint account, ViewLimits limits)
    {
        _account = account;
        Views = new AccountViews(new HistoryStore(limits, HistoryStore.FewRows), isByNumber: true);
    }

    /// <summary>Orders, fills and movements of money.</summary>
    public AccountViews Views { get; }

    /// <summary>How many things happened so far.</summary>
    public ulong Number { get; private set; }

    /// <summary>Everything shown and told is durable, here or in a book.</summary>
    public bool IsDurable => _ownRow <= _durableRow;

    /// <summary>Takes what an input did to the account, and makes the answers it has.</summary>
    /// <param name="output">Not carried out yet.</param>
    /// <param name="account">The machine, after the input.</param>
    /// <param name="market">Of the input.</param>
    /// <param name="timeMs">The account's time.</param>
    public void Tell(AccountOutput output, MarginAccount account, MarketTable market, long timeMs)
    {
        _isRestored = true;
        _timeMs = timeMs;
        _replies.Clear();
        foreach (ref readonly AccountHappening happening in output.Happenings)
        {
            AccountRow row = RowOf(in happening, output, timeMs);
            int own = Apply(in row, market);
            Track(happening.Token, in row);
            Keep(in row, own);
            Wait(in row, own);
        }

        if (_sinceCheckpoint >= CheckpointRows)
            KeepCheckpoint(account, timeMs);
        foreach (ref readonly AccountMessage message in output.Messages)
        {
            if (message.Kind == AccountMessageKind.Reply)
                Answer(in message, account, market);
        }
    }

    /// <summary>Takes the rows since the last call, to be added to the account's log in one cut with its state.</summary>
    public void TakeRows(Action<ReadOnlySpan<byte>> take)
    {
        _rows.Take(take);
        _cutRow = Number;
    }

    /// <summary>Goes on from the log's rows, oldest first: from its begin, or from anywhere if a checkpoint is among them.</summary>
    /// <exception cref="SnapshotException">They are damaged, or not enough.</exception>
    public void Restore(IEnumerable<ReadOnlyMemory<byte>> rows, MarketTable market)
    {
        Invariant.Holds(!_isRestored);
        _isRestored = true;
        bool hasBegun = false;
        foreach (ReadOnlyMemory<byte> bytes in rows)
        {
            var reader = new SnapshotReader(bytes);
            if (reader.ReadByte() == CheckpointRow)
            {
                ulong number = reader.ReadUInt64();
                long timeMs = reader.ReadInt64();
                if (!hasBegun)
                {
                    Number = number;
                    _lastForgotten = End(number);
                    Views.ReadCheckpoint(_account, timeMs, reader);
                }

                hasBegun = true;
                _sinceCheckpoint = 0;
                continue;
            }

            AccountRow row = AccountRow.Read(reader);
            if (row.Number == 1)
                hasBegun = true;
            if (!hasBegun)
                continue;
            if (row.Number != Number + 1)
                throw new SnapshotException($"Row {Number + 1} of account {_account} is missing: there is {row.Number}.");
            Number = row.Number;
            _sinceCheckpoint++;
            int own = Apply(in row, market);
            _rows.Add(bytes.Span, Number, PlaceOf(Number, own));
            Wait(in row, own);
        }

        while (_pending.TryDequeue(out WaitingRow told))
            Remember(in told);
        TakeRows(static _ => { });
        Keep(RowsKeptAfterRestart);
        _durableRow = Number;
        _lastTold = End(Number);
    }

    private AccountRow RowOf(in AccountHappening happening, AccountOutput output, long timeMs)
    {
        var row = new AccountRow { Number = ++Number, TimeMs = timeMs, Event = happening.Event };
        if (row.Source >= 0)
            row.TimeMs = happening.Event.Book.TimeMs;
        if (row.IsAcceptance)
            FindTerms(happening.Token, output, ref row);
        else if (row.Event.Change.OrderTotalLots == 0 && row.Source >= 0 && row.Event.Book.OrderId != 0)
            row.Event.Change.OrderTotalLots = TotalOf(in row.Event.Book);
        return row;
    }

    /// <summary>While the account recovers it does not know its orders yet; its history does.</summary>
    private long TotalOf(in BookEvent e) => Views.FindOrder(_account, e.OrderId)?.TotalLots ?? 0;

    /// <summary>What the command asked for; of an order that another life sent, what the book still knows of it.</summary>
    private void FindTerms(ulong token, AccountOutput output, ref AccountRow row)
    {
        if (_commands.TryGetValue(token, out Noted? noted))
        {
            row.Terms = noted.Command.Terms;
            row.ClientId = noted.Command.ClientId;
            return;
        }

        ref readonly BookEvent e = ref row.Event.Book;
        foreach (ref readonly NamedOrder named in output.Named.AsSpan())
        {
            if (named.OrderId != e.OrderId)
                continue;
            row.Terms = named.Terms;
            row.ClientId = named.ClientId;
            return;
        }

        row.Terms = new OrderTerms { PriceTicks = e.PriceTicks, Lots = e.Lots, Symbol = row.Event.Symbol, Side = e.Side, PositionSide = e.PositionSide };
        foreach (ref readonly OpenOrder open in output.Restored)
        {
            if (open.OrderId != e.OrderId)
                continue;
            row.Terms.StopTicks = open.StopTicks;
            row.Terms.GtdMs = open.GtdMs;
            row.Terms.Type = open.Type;
            row.Terms.TimeInForce = open.TimeInForce;
            row.Terms.Stp = open.Stp;
            row.Terms.Flags = open.Flags;
            row.ClientId = ClientOrderId.OfKey(open.ClientKey);
        }
    }

    /// <returns>Which of what it tells are the user's own events: a bit each.</returns>
    private int Apply(in AccountRow row, MarketTable market)
    {
        MakeEvents(in row);
        lock (Views.Gate)
        {
            foreach (ref readonly FeedEvent e in _feed.Events)
                Show(in e, in row, market);
        }

        int own = 0;
        for (int i = 0; i < _feed.Count; i++)
            own |= OwnEvent.IsOwn(_feed.Events[i].Kind) ? 1 << i : 0;
        if (row.Source < 0)
            _ownRow = row.Number;
        return own;
    }

    /// <summary>What a row tells: a function of the row alone.</summary>
    private void MakeEvents(in AccountRow row)
    {
        _feed.Clear();
        _teller.Begin(_feed, row.Number, row.TimeMs);
        _teller.Tell(in row.Event, row.Terms.Type);
    }

    private void Show(in FeedEvent e, in AccountRow row, MarketTable market)
    {
        switch (e.Kind)
        {
            case FeedKind.OrderAccepted: Views.AddOrder(in e, in row.Terms, in row.ClientId); break;
            case FeedKind.OrderUpdated: Views.UpdateOrder(in e); break;
            case FeedKind.Fill: Views.AddFill(in e, market[e.Symbol].Instrument.UnitE8); break;
            case FeedKind.Balance: Views.AddBalance(in e); break;
            case FeedKind.Position: Views.SetPosition(in e); break;
            default: break; // Settings are read from the account.
        }
    }

    private void Keep(in AccountRow row, int own)
    {
        _row.Clear();
        _row.Write(HappeningRow);
        row.Write(_row);
        _rows.Add(_row.Written.Span, Number, PlaceOf(Number, own));
        _sinceCheckpoint++;
    }

    private void KeepCheckpoint(MarginAccount account, long timeMs)
    {
        _row.Clear();
        _row.Write(CheckpointRow);
        _row.Write(Number);
        _row.Write(timeMs);
        Views.WriteCheckpoint(account, _row);
        _rows.Add(_row.Written.Span, Number, 0);
        _sinceCheckpoint = 0;
    }
}

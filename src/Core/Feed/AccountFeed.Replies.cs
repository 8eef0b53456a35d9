using System.Text;
using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Feed;

/// <content>Answers to commands: the order as it stands then, and what the command traded.</content>
public sealed partial class AccountFeed
{
    private readonly Dictionary<ulong, Noted> _commands = [];
    private readonly Dictionary<ulong, Noted> _atWork = [];
    private readonly List<Noted> _cancels = [];
    private readonly List<(ulong Token, CommandReply Reply)> _replies = [];

    /// <summary>Answers that the last input led to, by their tokens; they leave with the account's, before <see cref="Release"/>.</summary>
    public IReadOnlyList<(ulong Token, CommandReply Reply)> Replies => _replies;

    /// <summary>A command is about to be done; its answer comes now or later.</summary>
    public void Note(in Command command, ulong token)
    {
        var noted = new Noted(in command);
        _commands.Add(token, noted);
        if (command.Kind is CommandKind.Cancel or CommandKind.CancelAll)
            _cancels.Add(noted);
    }

    /// <summary>Notes what an event says about a command under way: fills as its taker, orders it canceled.</summary>
    private void Track(ulong token, in AccountRow row)
    {
        ref readonly BookEvent e = ref row.Event.Book;
        if (row.Source < 0)
            return;
        if (_commands.TryGetValue(token, out Noted? cause))
            _atWork[e.OrderId] = cause;
        if (e.Kind == BookEventKind.Fill && !e.Has(BookEventFlags.Maker) && _atWork.TryGetValue(e.OrderId, out Noted? taker))
            AddFills(taker);
        if (e is { Kind: BookEventKind.Canceled, Reason: EndReason.User })
            CountCanceled(e.OrderId, row.Event.Symbol);
    }

    /// <summary>Of an order that a command of its own cancels, no other one says that it did.</summary>
    private void CountCanceled(ulong orderId, int symbol)
    {
        if (_cancels.Exists(cancel => cancel.Command.Kind == CommandKind.Cancel && Names(in cancel.Command, orderId)))
            return;
        foreach (Noted cancel in _cancels)
        {
            if (cancel.Command.Symbol < 0 || cancel.Command.Symbol == symbol)
                cancel.CanceledCount++;
        }
    }

    private bool Names(in Command cancel, ulong orderId) => cancel.OrderId != 0
        ? cancel.OrderId == orderId
        : Views.FindOrder(_account, orderId) is { ClientOrderId: { Length: > 0 } id } && ClientKey.From(Encoding.ASCII.GetBytes(id)) == cancel.Key;

    private void AddFills(Noted taker)
    {
        foreach (ref readonly FeedEvent told in _feed.Events)
        {
            if (told.Kind == FeedKind.Fill)
                taker.Fills.Add(FillView.Of(in told));
        }
    }

    private void Answer(in AccountMessage message, MarginAccount account, MarketTable market)
    {
        if (!_commands.Remove(message.Token, out Noted? noted))
            return;
        ref readonly Command command = ref noted.Command;
        var reply = new CommandReply
        {
            Reason = message.Reason,
            Sequence = Number,
            TimeMs = _timeMs,
            IsRepeat = message.IsRepeat && message.Reason == RejectReason.None,
            CanceledCount = command.Kind == CommandKind.CancelAll ? noted.CanceledCount : 0,
        };
        if (message.Reason != RejectReason.None)
            reply.LimitValue = message.LimitTicks != 0 ? message.LimitTicks : RefusalLimit.Of(in command, message.Reason, account, market);
        if (message.OrderId != 0)
            reply.Order = Views.FindOrder(_account, message.OrderId) ?? (reply.IsRepeat ? Forgotten(in message, in command) : null);
        if (reply is { IsRepeat: true, Order: null })
            (reply.Reason, reply.IsRepeat) = (RejectReason.ClientIdReused, false);
        reply.Fills.AddRange(reply is { IsRepeat: true, Order: { } first } ? Views.FillsAtEntry(first) : noted.Fills);
        _atWork.Remove(message.OrderId);
        _cancels.Remove(noted);
        _replies.Add((message.Token, reply));
    }

    /// <summary>A first order that the history has dropped, so it has ended: as its book told of it when the account came up, if it had then.</summary>
    private static OrderView? Forgotten(in AccountMessage repeat, in Command command)
    {
        var known = new RememberedOrder(default, 0, repeat.OrderId, repeat.OutcomeBits);
        if (known.Status == OrderStatus.None)
            return null;
        var ended = new OpenOrder { OrderId = known.OrderId, FilledLots = known.FilledLots };
        return ReplyBuilder.Repeated(in command, known.OrderId, new OrderOutcome { Order = ended, Status = known.Status, Reason = known.Reason });
    }

    /// <summary>A command under way.</summary>
    private sealed class Noted(in Command command)
    {
        public readonly Command Command = command;

        public List<FillView> Fills { get; } = [];

        public int CanceledCount { get; set; }
    }
}

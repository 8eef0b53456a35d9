using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// Orders on their way: account, book's early checks, reserve, book, answer (docs/protocol.md 3).
public sealed partial class Engine
{
    private RejectReason Place(in Command command)
    {
        ref readonly OrderTerms terms = ref command.Terms;
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        int symbol = terms.Symbol;
        if (!_market.IsListed(symbol))
            return RejectReason.UnknownSymbol;

        OrderBook book = _books[symbol];
        if (!terms.ClientKey.IsNone && terms.Has(OrderFlags.ReturnRepeats) && _answers is null
            && book.TryRecall(account.Id, terms.ClientKey, out RememberedOrder known))
        {
            _needsWhole = true;
            return Repeat(book, in terms, in known);
        }

        if (HasOpenPass)
            TellIfDue(account);
        RejectReason reason = _isAllowed ? RejectReason.None : account.JudgePlace(in terms, _market, _timeMs);
        if (reason == RejectReason.None && _answers is null)
        {
            reason = book.JudgeEarly(account.Id, in terms);
            if (reason != RejectReason.None)
                _needsWhole = true;
        }

        if (reason != RejectReason.None)
            return reason;

        Register(account, symbol);
        reason = account.ReservePlace(in terms, _market, _nextOrderId, _timeMs, ref _message, _isAllowed);
        _hasTrace = account.TakeTightened();
        if (reason != RejectReason.None)
            return reason;
        ref readonly MarketTable.Entry entry = ref _market[symbol];
        if (_message.WorstTicks != MarginRules.WorstTicks(in terms, entry.Instrument, entry.MarkTicks))
            _needsWhole = true; // Only the account knows how it came by it.

        CommandOutcome outcome = SendCommand(account, symbol);
        if (!outcome.IsAccepted)
            return outcome.Reason;
        _output.OrderId = _nextOrderId++;
        WorkTriggers();
        return RejectReason.None;
    }

    /// <summary>The same client order id again: the first order as it stands, or a refusal if the content differs.</summary>
    private RejectReason Repeat(OrderBook book, in OrderTerms terms, in RememberedOrder known)
    {
        _output.OrderId = known.OrderId;
        if (known.ContentHash != terms.ContentHash())
            return RejectReason.ClientIdReused;
        _output.IsRepeat = true;
        if (book.TryGetOrder(known.OrderId, out _, out OpenOrder open))
        {
            _output.Outcome = new OrderOutcome { Order = open, Status = StatusOf(in open) };
            return RejectReason.None;
        }

        open = new OpenOrder { OrderId = known.OrderId, FilledLots = known.FilledLots };
        _output.Outcome = new OrderOutcome { Order = open, Status = known.Status, Reason = known.Reason };
        return RejectReason.None;
    }

    private RejectReason Cancel(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        if (!TryFindOrder(account, in command, out int symbol, out ulong orderId))
            return RejectReason.UnknownOrder;
        RejectReason reason = account.Cancel(symbol, orderId, EndReason.User, _timeMs, ref _message);
        if (reason != RejectReason.None)
            return reason;

        CommandOutcome outcome = SendCommand(account, symbol);
        _output.OrderId = orderId;
        return outcome.Reason;
    }

    private RejectReason Amend(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        if (!TryFindOrder(account, in command, out int symbol, out ulong orderId))
            return RejectReason.UnknownOrder;
        if (HasOpenPass)
            TellIfDue(account);
        RejectReason reason = _isAllowed
            ? RejectReason.None
            : account.JudgeAmend(symbol, orderId, command.Fields, command.PriceTicks, command.Lots, _market);
        if (reason == RejectReason.None)
        {
            reason = account.ReserveAmend(
                symbol, orderId, command.Fields, command.PriceTicks, command.Lots, _market, _timeMs, ref _message, _isAllowed);
            _hasTrace = account.TakeTightened();
        }

        if (reason != RejectReason.None)
            return reason;

        CommandOutcome outcome = SendCommand(account, symbol);
        if (!outcome.IsAccepted)
            return outcome.Reason;
        _output.OrderId = orderId;
        WorkTriggers();
        return RejectReason.None;
    }

    private RejectReason CancelAll(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        if (command.Symbol < 0)
        {
            _needsWhole = true;
            CancelEverywhere(account, EndReason.User);
            return RejectReason.None;
        }

        if (!_market.IsListed(command.Symbol))
            return RejectReason.UnknownSymbol;
        if (account.CancelAll(command.Symbol, EndReason.User, _timeMs, ref _message))
            SendCommand(account, command.Symbol);
        return RejectReason.None;
    }

    private RejectReason Countdown(in Command command)
    {
        if (Account(command.Account) is not { } account)
            return RejectReason.UnknownAccount;
        if (!_market.IsListed(command.Symbol))
            return RejectReason.UnknownSymbol;
        Register(account, command.Symbol);
        RejectReason reason = account.Countdown(command.Symbol, command.Amount, _market, _timeMs, ref _message);
        if (reason == RejectReason.None)
            SendCommand(account, command.Symbol);
        return reason;
    }

    /// <summary>Ends an account's orders in all symbols, by order id.</summary>
    private void CancelEverywhere(MarginAccount account, EndReason reason, int symbol = -1)
    {
        int count = account.CopyOpenOrders(symbol, _openOrders);
        if (count > _openOrders.Length)
        {
            Array.Resize(ref _openOrders, count * 2);
            account.CopyOpenOrders(symbol, _openOrders);
        }

        for (int i = 0; i < count; i++)
        {
            OpenOrderRef order = _openOrders[i];
            if (account.Cancel(order.Symbol, order.OrderId, reason, _timeMs, ref _message) == RejectReason.None)
                SendCommand(account, order.Symbol);
        }
    }

    private OpenOrderRef[] _openOrders = new OpenOrderRef[256];

    private void Register(MarginAccount account, int symbol)
    {
        if (!account.NeedsRegistration(symbol))
            return;
        account.FillRegister(symbol, _market, _timeMs, ref _message);
        if (_answers is not null)
        {
            NoteEquities(symbol, in _message);
            return;
        }

        Send(symbol);
        _hasRegistered = true;
    }

    /// <summary>Sends a command that an account has numbered; its events are applied, then what it held is freed.</summary>
    private CommandOutcome SendCommand(MarginAccount account, int symbol)
    {
        ulong command = _message.CommandKey;
        _messages++;
        CommandOutcome outcome = Send(symbol);
        account.Resolve(symbol, command, _market[symbol].Instrument);
        _watches.Note(account.Id);
        return outcome;
    }

    private bool TryFindOrder(MarginAccount account, in Command command, out int symbol, out ulong orderId)
    {
        orderId = command.OrderId;
        symbol = command.Symbol;
        if (orderId == 0)
        {
            _needsWhole = true; // Only the account knows which order is meant.
            orderId = _market.IsListed(symbol) ? account.OrderOf(symbol, command.Key) : 0;
            return orderId != 0;
        }

        int found = account.SymbolOf(orderId, likely: symbol);
        bool isThere = found >= 0 && (symbol < 0 || symbol == found);
        if (symbol != found && isThere)
            _needsWhole = true;
        symbol = found;
        return isThere;
    }

    private static OrderStatus StatusOf(in OpenOrder order) =>
        order.IsWaiting ? OrderStatus.Waiting : order.FilledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;
}

using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Replay;

namespace Exchange.Core;

// Replaying on two threads: books run ahead of the accounts, whose decisions the journal tells (docs/decisions/0013).
public sealed partial class Engine
{
    private readonly List<(int Symbol, uint Account, long Equity0E8, long Equity1E8)> _notedEquities = [];

    // What the input at hand took.
    private int _messages;
    private bool _needsWhole;
    private bool _hasRegistered;
    private bool _hasTrace;

    // The books' side.
    private readonly BookOutput _aheadOutput = new();
    private BookInput _aheadMessage;
    private ulong _aheadOrderId;
    private long _aheadTimeMs;
    private bool _isBookAhead;

    // The accounts' side: the answer to the input at hand; null: books are asked.
    private ReplayBlock? _answers;
    private int _answerAt;
    private bool _isAnswered;

    /// <summary>The account's consent to the input at hand is taken from the journal.</summary>
    private bool _isAllowed;

    /// <summary>Whether a replay judges again what the journal says an account allowed; else only the outputs are compared.</summary>
    public bool JudgesAgain { get; init; } = true;

    /// <summary>Before books run ahead: both threads are where the other is.</summary>
    public void BeginAhead()
    {
        _aheadOrderId = _nextOrderId;
        _aheadTimeMs = _timeMs;
    }

    /// <summary>After books ran ahead and the accounts have caught up; then the engine is as if it had never been in two.</summary>
    public void EndAhead()
    {
        Invariant.Holds(_aheadOrderId == _nextOrderId && _aheadTimeMs <= _timeMs);
        foreach ((int symbol, uint account, long equity0E8, long equity1E8) in _notedEquities)
            _books[symbol].ReportEquity(account, equity0E8, equity1E8);
        _notedEquities.Clear();
    }

    /// <summary>The books' side of an input that does not take the whole engine; touches no account.</summary>
    /// <param name="command">The input.</param>
    /// <param name="timeMs">Its time.</param>
    /// <param name="block">Has the input's record; gets the answer, if there is one message.</param>
    /// <param name="at">Where in the block.</param>
    public void RunBook(in Command command, long timeMs, ReplayBlock block, int at)
    {
        if (timeMs > _aheadTimeMs)
            _aheadTimeMs = timeMs;
        if (block.Course(at) == InputCourse.NoMessage)
            return;
        int symbol = command.Kind == CommandKind.Place ? command.Terms.Symbol : command.Symbol;
        Invariant.Holds(_market.IsListed(symbol));
        OrderBook book = _books[symbol];
        _isBookAhead = true;
        Compose(in command, book, ref _aheadMessage);
        book.Apply(in _aheadMessage, _aheadOutput);
        _isBookAhead = false;

        CommandOutcome outcome = _aheadOutput.Outcome;
        if (command.Kind == CommandKind.Place && outcome.IsAccepted)
            _aheadOrderId++;
        long postOnlyTicks = outcome.Reason == RejectReason.PostOnlyWouldCross ? book.PostOnlyTicks(command.Terms.Side) : 0;
        block.Answer(at, in _aheadMessage, outcome, postOnlyTicks, _aheadOutput.EventCount, _aheadOutput.TouchedCount);
        for (int i = 0; i < _aheadOutput.EventCount; i++)
            block.AddEvent(in _aheadOutput.Event(i));
        book.AcknowledgeAll();
        for (int i = 0; i < _aheadOutput.TouchedCount; i++)
            block.AddLevel(LevelChange.Of(book, _aheadOutput.TouchedAt(i)));
    }

    /// <summary>The accounts' side of an input that books were ahead in, or that took none; touches no book.</summary>
    /// <param name="command">The input.</param>
    /// <param name="timeMs">Its time.</param>
    /// <param name="output">As of <see cref="Apply"/>.</param>
    /// <param name="block">Has the answer.</param>
    /// <param name="at">Where in the block.</param>
    /// <exception cref="InvariantException">The account decides otherwise than the journal says.</exception>
    public void ApplyAnswered(in Command command, long timeMs, EngineOutput output, ReplayBlock block, int at)
    {
        Begin(timeMs, output);
        _timersFiredMs = _timeMs; // The input took no timer.
        _answers = block;
        _answerAt = at;
        _isAnswered = block.Course(at) == InputCourse.NoMessage;
        _isAllowed = block.Course(at) == InputCourse.Allowed && !JudgesAgain;
        CarryOut(in command, output, null);
        Invariant.Holds(_isAnswered && !_needsWhole && (!_hasTrace || block.Course(at) != InputCourse.Allowed));
        _answers = null;
        _isAllowed = false;
        output.Course = block.Course(at);
    }

    private CommandOutcome TakeAnswer(int symbol)
    {
        ref readonly ReplayBlock.Entry entry = ref _answers![_answerAt];
        Invariant.Holds(!_isAnswered && entry.CommandKey == _message.CommandKey
            && entry.ReserveTicks == _message.ReserveTicks && entry.WorstTicks == _message.WorstTicks);
        _isAnswered = true;
        BeginDelivery(symbol);
        foreach (ref readonly BookEvent e in _answers.Events(in entry))
            Deliver(symbol, in e);
        ReportTouched();
        foreach (ref readonly LevelChange level in _answers.Levels(in entry))
            _output.AddLevel(level);
        return new CommandOutcome(entry.Reason, entry.OrderId);
    }

    /// <summary>Writes the message that the account sends, out of what the command and the book know.</summary>
    private void Compose(in Command command, OrderBook book, ref BookInput message)
    {
        if (!book.TryGetNextBatch(command.Account, out uint epoch, out uint batch))
        {
            // The equities are the account's to know: they follow before anything asks for them.
            message = new BookInput { Kind = BookInputKind.Register, TimeMs = _aheadTimeMs, Account = command.Account, Epoch = epoch };
            book.Apply(in message, _aheadOutput);
        }

        message = default;
        message.TimeMs = _aheadTimeMs;
        message.Account = command.Account;
        message.Epoch = epoch;
        message.Batch = batch;
        message.Count = 1;
        message.OrderId = command.OrderId;
        switch (command.Kind)
        {
            case CommandKind.Place:
                ref readonly MarketTable.Entry entry = ref _market[command.Terms.Symbol];
                message.Kind = BookInputKind.Place;
                message.OrderId = _aheadOrderId;
                message.Terms = command.Terms;
                message.ReserveTicks = MarginRules.ReserveTicks(in command.Terms, entry.Instrument, entry.MarkTicks);
                message.WorstTicks = MarginRules.WorstTicks(in command.Terms, entry.Instrument, entry.MarkTicks);
                break;
            case CommandKind.Amend:
                message.Kind = BookInputKind.Amend;
                message.Fields = command.Fields & (OrderFields.Price | OrderFields.Lots);
                message.PriceTicks = command.PriceTicks;
                message.Lots = command.Lots;
                ComposeAmend(in command, book, ref message);
                break;
            case CommandKind.Cancel:
                message.Kind = BookInputKind.Cancel;
                message.Reason = EndReason.User;
                break;
            case CommandKind.CancelAll:
                message.Kind = BookInputKind.CancelAll;
                message.Reason = EndReason.User;
                break;
            default:
                Invariant.Holds(command.Kind == CommandKind.Countdown);
                message.Kind = BookInputKind.Countdown;
                message.Amount = command.Amount;
                break;
        }
    }

    private void ComposeAmend(in Command command, OrderBook book, ref BookInput message)
    {
        bool isOpen = book.TryGetReserve(command.OrderId, out Side side, out long priceTicks, out long reserveTicks);
        Invariant.Holds(isOpen);
        if ((command.Fields & OrderFields.Price) == 0 || command.PriceTicks == priceTicks)
        {
            message.ReserveTicks = reserveTicks;
            message.WorstTicks = priceTicks;
            return;
        }

        message.ReserveTicks = MarginRules.LimitReserveTicks(side, command.PriceTicks, _market[command.Symbol].MarkTicks);
        message.WorstTicks = command.PriceTicks;
    }

    private InputCourse CourseOf(in Command command)
    {
        if (_needsWhole || command.Kind is not (CommandKind.Place or CommandKind.Amend or CommandKind.Cancel or CommandKind.CancelAll
            or CommandKind.Countdown))
            return InputCourse.Whole;
        return _messages switch
        {
            1 => _hasTrace ? InputCourse.OneMessage : InputCourse.Allowed,
            0 when !_hasRegistered => InputCourse.NoMessage,
            _ => InputCourse.Whole,
        };
    }

    private void NoteEquities(int symbol, in BookInput register) =>
        _notedEquities.Add((symbol, register.Account, register.Equity0E8, register.Equity1E8));

    /// <summary>A book asks for more than its answer: this cannot be while it is ahead.</summary>
    private void NeedWhole()
    {
        Invariant.Holds(!_isBookAhead);
        _needsWhole = true;
    }
}

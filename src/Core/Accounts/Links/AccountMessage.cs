using System.Runtime.InteropServices;
using Exchange.Core.Books;
using Exchange.Core.Marks;

namespace Exchange.Core.Accounts.Links;

/// <summary>What a <see cref="LinkedAccount"/> wants done (docs/protocol.md).</summary>
public enum AccountMessageKind : byte
{
    None = 0,

    /// <summary>To the book: one batch (<see cref="AccountOutput.CommandsOf"/>); Number is the last event the account has applied.</summary>
    Batch = 1,

    /// <summary>To the book: one command, and Number as for Batch: the answer brings the events after it.</summary>
    Register = 2,

    /// <summary>To the book: the one command at CommandsAt.</summary>
    Acknowledge = 3,

    /// <summary>To the book: the one command at CommandsAt.</summary>
    Leave = 4,

    /// <summary>To the book: events after Number are missing.</summary>
    AskEvents = 5,

    /// <summary>To the symbol's Mark: Range.</summary>
    Range = 6,

    /// <summary>To Clearing: Liquidation, Step, the most as AmountE8.</summary>
    Reserve = 7,

    /// <summary>To Clearing: Liquidation, Step, spent as AmountE8, EarnedE8.</summary>
    Settle = 8,

    /// <summary>To Clearing: Totals, with Number.</summary>
    Report = 9,

    /// <summary>To the store: the account as it is at this moment (<see cref="LinkedAccount.Write"/>), as write Number.</summary>
    Write = 10,

    /// <summary>To whoever sent the command Token: Reason and OrderId.</summary>
    Reply = 11,

    /// <summary>A newer activation exists: this one must end.</summary>
    StepDown = 12,
}

/// <summary>One message of an account; a field that a kind does not name is zero.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AccountMessage
{
    public AccountMessageKind Kind;
    public RejectReason Reason;

    /// <summary>Reply: the order is that of an earlier command with the same client order id.</summary>
    public bool IsRepeat;
    public int Symbol;
    public int CommandsAt;
    public int Count;
    public uint Step;
    public ulong Liquidation;
    public ulong Number;
    public ulong Token;
    public ulong OrderId;

    /// <summary>Reply with PostOnlyWouldCross: the price that would have rested.</summary>
    public long LimitTicks;

    /// <summary>Reply to a repeat: how the first order ended, as <see cref="RememberedOrder.OutcomeBits"/>, if it had when its book told of it.</summary>
    public ulong OutcomeBits;
    public long AmountE8;
    public long EarnedE8;
    public PriceRange Range;
    public AccountTotals Totals;
}

/// <summary>One thing that happened to an account, for those who tell its user.</summary>
public struct AccountHappening
{
    /// <summary>An event of a book with what it changed, or what the account did itself; as an engine tells it.</summary>
    public EngineEvent Event;

    /// <summary>Accepted, Amended: the command of this activation that led to it; 0: none did.</summary>
    public ulong Token;
}

/// <summary>Messages of one input, in order, and what happened; reused, so carry them out before the next.</summary>
public sealed class AccountOutput
{
    private AccountMessage[] _messages = new AccountMessage[16];
    private BookInput[] _commands = new BookInput[16];
    private AccountHappening[] _happenings = new AccountHappening[16];
    private OpenOrder[] _restored = [];
    private int _commandCount;
    private int _happeningCount;
    private int _restoredCount;

    public int Count { get; private set; }

    /// <summary>What was applied, in order.</summary>
    public ReadOnlySpan<AccountHappening> Happenings => _happenings.AsSpan(0, _happeningCount);

    /// <summary>Open orders of a former life that a book told of, as they are after <see cref="Happenings"/>.</summary>
    public ReadOnlySpan<OpenOrder> Restored => _restored.AsSpan(0, _restoredCount);

    /// <summary>Symbol of <see cref="Restored"/>.</summary>
    public int RestoredSymbol { get; private set; }

    /// <summary>Orders of a former life as their sender asked for them, which a book told with their acceptance.</summary>
    public NamedOrder[] Named { get; internal set; } = [];

    public ReadOnlySpan<AccountMessage> Messages => _messages.AsSpan(0, Count);

    public ReadOnlySpan<BookInput> Commands => _commands.AsSpan(0, _commandCount);

    /// <summary>The commands of a Batch, or the one of a Register, Acknowledge or Leave.</summary>
    public ReadOnlySpan<BookInput> CommandsOf(in AccountMessage message) =>
        _commands.AsSpan(message.CommandsAt, message.Count);

    public void Clear()
    {
        Count = 0;
        _commandCount = 0;
        _happeningCount = 0;
        _restoredCount = 0;
        Named = [];
    }

    /// <summary>The next thing that happened, zeroed but for its kind.</summary>
    internal ref AccountHappening Tell(EngineEventKind kind, int symbol, uint account)
    {
        if (_happeningCount == _happenings.Length)
            Array.Resize(ref _happenings, _happeningCount * 2);
        ref AccountHappening told = ref _happenings[_happeningCount++];
        told = default;
        told.Event.Kind = kind;
        told.Event.Symbol = symbol;
        told.Event.Book.Account = account;
        return ref told;
    }

    /// <summary>Takes back the last: nothing happened.</summary>
    internal void TakeBack() => _happeningCount--;

    internal void SetRestored(int symbol, ReadOnlySpan<OpenOrder> orders)
    {
        RestoredSymbol = symbol;
        if (_restored.Length < orders.Length)
            _restored = new OpenOrder[orders.Length];
        orders.CopyTo(_restored);
        _restoredCount = orders.Length;
    }

    internal ref AccountMessage Add(AccountMessageKind kind, int symbol = -1)
    {
        if (Count == _messages.Length)
            Array.Resize(ref _messages, Count * 2);
        ref AccountMessage message = ref _messages[Count++];
        message = new AccountMessage { Kind = kind, Symbol = symbol };
        return ref message;
    }

    internal void Add(in AccountMessage message) => Add(message.Kind) = message;

    internal void AddCommands(AccountMessageKind kind, int symbol, ulong applied, ReadOnlySpan<BookInput> commands)
    {
        while (_commandCount + commands.Length > _commands.Length)
            Array.Resize(ref _commands, _commands.Length * 2);
        commands.CopyTo(_commands.AsSpan(_commandCount));
        ref AccountMessage message = ref Add(kind, symbol);
        message.CommandsAt = _commandCount;
        message.Count = commands.Length;
        message.Number = applied;
        _commandCount += commands.Length;
    }
}

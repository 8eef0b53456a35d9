using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>Reads numbers as commands to a book: few accounts and few prices, so that everything meets everything.</summary>
/// <remarks>Commands are such as accounts would let through (checks 1 to 12); now and then a repeat, a gap, a dead epoch.</remarks>
internal sealed partial class BookScriptReader(IBookUnderTest book, BookSetting setting)
{
    private const int CommandsPerBatch = 3;
    private const long Plenty = 1_000_000_000_000;

    /// <summary>One lot at one tick is worth 7: a unit forgotten shows.</summary>
    public static readonly Instrument Instrument = BookInstruments.Create(unitE8: 7, makerRateE8: -50_000);

    public static NaiveBook NewNaive(BookSetting setting) => new(Instrument, setting.OutboxPerAccount, setting.OutboxPerBook);

    private readonly Numbering[] _numbering = new Numbering[setting.Accounts + 1];
    private readonly BookInput[] _lastCommand = new BookInput[setting.Accounts + 1];
    private readonly bool[] _isHedge = new bool[setting.Accounts + 1];
    private ulong _nextOrderId = 1;
    private ulong _round;
    private bool _roundIsOpen;
    private uint _left;
    private TradingState _state;
    private ulong _markNumber;
    private ulong _liquidation;
    private long _timeMs;
    private ulong _code;

    /// <summary>What comes before the first command: accounts and a mark.</summary>
    public IEnumerable<BookInput> Opening
    {
        get
        {
            for (uint account = 1; account <= setting.Accounts; account++)
            {
                _isHedge[account] = account % 5 is 1 or 2;
                _numbering[account].Epoch = 1;
                yield return new BookInput { Kind = BookInputKind.Register, Account = account, Epoch = 1, Equity0E8 = Plenty, Equity1E8 = Plenty };
            }

            yield return new BookInput { Kind = BookInputKind.Mark, PriceTicks = 100 * setting.Scale, Number = ++_markNumber };
        }
    }

    /// <summary>What comes after the last command: the symbol is delisted, with a liquidation that does not know of it.</summary>
    public IEnumerable<BookInput> Delisting
    {
        get
        {
            if (_roundIsOpen)
                yield return new BookInput { Kind = BookInputKind.FundingSlice, Liquidation = _round, SliceAccounts = (uint)setting.Accounts };
            yield return new BookInput { Kind = BookInputKind.SetState, State = TradingState.Halted };
            for (uint i = 0; i < setting.Accounts; i += 2)
                yield return new BookInput { Kind = BookInputKind.Delist, SliceAccounts = 2 };
            long price = Math.Max(1, book.MarkTicks - setting.Scale);
            yield return new BookInput { Kind = BookInputKind.Mark, PriceTicks = price, Number = ++_markNumber };
            for (uint i = 0; i < setting.Accounts; i += 2)
            {
                yield return new BookInput { Kind = BookInputKind.Settle, PriceTicks = price, SliceAccounts = 2 };
                if (i == 0)
                    yield return Close();
            }
        }
    }

    public BookInput Read(ulong code)
    {
        _code = code;
        if (_left != 0)
            return ComeBack();
        if (_state != TradingState.Trading && Take(8) == 0)
            return SetState(TradingState.Trading); // Soon: what is refused teaches little.
        _timeMs += Take(4) == 0 ? Take(20) : 0;
        BookInput input = Take(128) switch
        {
            < 42 => Limit(),
            < 51 => Market(),
            < 72 => Conditional(),
            < 84 => Amend(),
            < 92 => Cancel(),
            < 93 => Command(BookInputKind.CancelAll, Account()),
            < 94 => Command(BookInputKind.Countdown, Account()) with { Amount = Take(3) == 0 ? 0 : 1 + Take(60) },
            < 108 => Mark(),
            < 109 => new BookInput { Kind = BookInputKind.Time },
            < 110 => new BookInput { Kind = BookInputKind.WorkTriggers },
            < 113 => Close(),
            < 120 => Acknowledge(),
            < 124 => Funding(),
            < 126 => Irregular(),
            < 127 => Register(),
            _ => SetState((TradingState)Take(3)),
        };
        input.TimeMs = _timeMs;
        return input;
    }

    /// <summary>Who left is told so once or registers again, under the same epoch, with the numbers going on.</summary>
    private BookInput ComeBack()
    {
        if (Take(2) == 0)
            return Command(BookInputKind.CancelAll, _left) with { TimeMs = _timeMs };
        BookInput input = WithEquity(new BookInput { Kind = BookInputKind.Register, Account = _left, Epoch = _numbering[_left].Epoch });
        _left = 0;
        return input with { TimeMs = _timeMs };
    }

    /// <summary>Must be told what came of an input before the next is read.</summary>
    public void Note(BookInput input, BookResult result)
    {
        if (input.Kind == BookInputKind.Place && result.Outcome.IsAccepted && !result.IsRepeat)
            _nextOrderId = input.OrderId + 1;
        if (input.Kind == BookInputKind.FundingRound && input.Liquidation > _round)
            (_round, _roundIsOpen) = (input.Liquidation, true);
        if (result.RoundIsDone)
            _roundIsOpen = false;
        if (input.Kind == BookInputKind.Leave && result.Outcome.IsAccepted)
            _left = input.Account;
        bool isRefused = result.Outcome.Reason is RejectReason.Gap or RejectReason.NotRegistered or RejectReason.StaleEpoch;
        if (input.Kind <= BookInputKind.CloseFull && !isRefused)
        {
            ref Numbering numbering = ref _numbering[input.Account];
            if (!result.IsRepeat)
                numbering.Next(input);
            _lastCommand[input.Account] = input;
        }
    }

    /// <summary>The number's next part: 0 to <paramref name="choices"/> - 1. What is cut off a number by shrinking reads 0.</summary>
    private long Take(int choices)
    {
        long part = (long)(_code % (ulong)choices);
        _code /= (ulong)choices;
        return part;
    }

    private BookInput SetState(TradingState state)
    {
        _state = state;
        return new BookInput { Kind = BookInputKind.SetState, State = state, TimeMs = _timeMs };
    }

    private uint Account() => (uint)Take((int)setting.Accounts) + 1;

    private bool IsHedge(uint account) => _isHedge[account];

    private BookInput Command(BookInputKind kind, uint account)
    {
        ref Numbering numbering = ref _numbering[account];
        return new BookInput
        {
            Kind = kind,
            Account = account,
            Epoch = numbering.Epoch,
            Batch = numbering.Index == 0 ? numbering.Batch + 1 : numbering.Batch,
            Index = numbering.Index,
            Count = CommandsPerBatch,
        };
    }

    /// <summary>Where an account stands in its batches: the next command has this index of the current or next batch.</summary>
    private struct Numbering
    {
        public uint Epoch;
        public uint Batch;
        public ushort Index;

        public void Next(BookInput applied)
        {
            Batch = applied.Batch;
            Index = (ushort)((applied.Index + 1) % applied.Count);
        }
    }
}

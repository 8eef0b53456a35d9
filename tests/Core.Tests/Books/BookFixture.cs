using System.Globalization;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>A book spoken to in lines such as <c>alice sell 3 @ 101 tif=GTX</c>, and answering in such lines.</summary>
/// <remarks>
/// Five accounts are registered, with more equity than any test can lose; the mark is 100; one lot at one tick is worth
/// 1e-8. Orders get the ids 1, 2, 3 … as they are accepted. A command that is refused fails the test unless it is
/// sent with <see cref="Refuses"/>. <see cref="Expect"/> compares all events of the last input except acceptance.
/// </remarks>
internal sealed class BookFixture
{
    private readonly IBookUnderTest _book;
    private readonly Dictionary<uint, uint> _batches = [];
    private BookResult _last = new();
    private ulong _lastOrderId;
    private long _timeMs;

    public BookFixture(IBookUnderTest book)
    {
        _book = book;
        for (uint account = 1; account <= BookLanguage.Accounts.Length; account++)
            Equity(BookLanguage.Accounts[account - 1], 1_000_000_000_000);
        Mark(100);
    }

    public BookResult LastResult => _last;

    public IBookUnderTest Book => _book;

    public void Place(params string[] lines) => Array.ForEach(lines, line => Accept(Order(line)));

    public void Refuses(RejectReason reason, string line)
    {
        Send(Order(line));
        Assert.Equal(new CommandOutcome(reason, 0), _last.Outcome);
        Assert.Empty(_last.Events);
    }

    /// <summary><c>alice 7 qty=3 price=101</c></summary>
    public void Amend(string line) => Accept(AmendInput(line));

    public void RefusesAmend(RejectReason reason, string line)
    {
        Send(AmendInput(line));
        Assert.Equal(reason, _last.Outcome.Reason);
        Assert.Empty(_last.Events);
    }

    /// <summary><c>alice 7</c></summary>
    public void Cancel(string line) => Accept(CancelInput(line));

    public void RefusesCancel(RejectReason reason, string line)
    {
        Send(CancelInput(line));
        Assert.Equal(reason, _last.Outcome.Reason);
    }

    public void CancelAll(string account) => Accept(Command(BookInputKind.CancelAll, account));

    public void Countdown(string account, long ms) => Accept(Command(BookInputKind.Countdown, account) with { Amount = ms });

    /// <summary><c>bob 5 bp=98</c> closes 5 lots, <c>bob all bp=98 grant=100</c> everything; <c>leg=LONG</c> in hedge mode.</summary>
    public void Close(string line) => Accept(CloseInput(line));

    public void Mark(long priceTicks) => Send(new BookInput { Kind = BookInputKind.Mark, PriceTicks = priceTicks });

    public void Time(long timeMs)
    {
        _timeMs = timeMs;
        Send(new BookInput { Kind = BookInputKind.Time });
    }

    /// <summary>Later inputs happen at this time; the book is not told before they come.</summary>
    public void At(long timeMs) => _timeMs = timeMs;

    public void State(TradingState state) => Send(new BookInput { Kind = BookInputKind.SetState, State = state });

    public void WorkTriggers() => Send(new BookInput { Kind = BookInputKind.WorkTriggers });

    /// <summary>Reports the equity of an account's pools; a longer way to say it is an acknowledgement.</summary>
    public void Equity(string account, long leg0E8, long leg1E8 = 0) => Send(new BookInput
    {
        Kind = BookInputKind.Register,
        Account = BookLanguage.Account(account),
        Epoch = 1,
        Equity0E8 = leg0E8,
        Equity1E8 = leg1E8,
    });

    public void FundingRound(ulong id, long rateE8, long markTicks) => Send(new BookInput
    {
        Kind = BookInputKind.FundingRound,
        Liquidation = id,
        Amount = rateE8,
        PriceTicks = markTicks,
    });

    public void FundingSlice(ulong id, uint accounts) =>
        Send(new BookInput { Kind = BookInputKind.FundingSlice, Liquidation = id, SliceAccounts = accounts });

    /// <summary>Gives two accounts a position against each other at 100, by a trade that leaves nothing behind.</summary>
    public void Position(string longAccount, string shortAccount, long lots)
    {
        Place($"{shortAccount} sell {lots} @ 100", $"{longAccount} buy {lots} @ 100");
    }

    public BookResult Send(BookInput input)
    {
        input.TimeMs = _timeMs;
        return _last = _book.Apply(input);
    }

    /// <summary>An input of an account's next batch, of one command.</summary>
    public BookInput Command(BookInputKind kind, string account)
    {
        uint id = BookLanguage.Account(account);
        _batches[id] = _batches.GetValueOrDefault(id) + 1;
        return new BookInput { Kind = kind, Account = id, Epoch = 1, Batch = _batches[id], Count = 1 };
    }

    public BookInput Order(string line) => BookLanguage.Order(line, Command(BookInputKind.Place, BookLanguage.FirstWord(line)))
        with { OrderId = _lastOrderId + 1 };

    public void Expect(params string[] lines) => Assert.Equal(lines, BookLanguage.Describe(_last.Events));

    public void ExpectAsks(params string[] lines) => Assert.Equal(lines, Levels(Side.Sell));

    public void ExpectBids(params string[] lines) => Assert.Equal(lines, Levels(Side.Buy));

    public void ExpectPosition(string account, long lots, int leg = 0) =>
        Assert.Equal(lots, _book.PositionLots(BookLanguage.Account(account), leg));

    /// <summary>Ids of an account's open orders; a waiting one is followed by <c>?</c>.</summary>
    public void ExpectOpen(string account, string ids) => Assert.Equal(ids, string.Join(' ', _book
        .OpenOrders(BookLanguage.Account(account)).Select(o => o.OrderId + (o.IsWaiting ? "?" : ""))));

    private void Accept(BookInput input)
    {
        Send(input);
        Assert.Equal(RejectReason.None, _last.Outcome.Reason);
        if (input.Kind == BookInputKind.Place)
            _lastOrderId = input.OrderId;
    }

    private BookInput AmendInput(string line)
    {
        BookInput input = CancelInput(line) with { Kind = BookInputKind.Amend };
        foreach ((string name, string value) in BookLanguage.Options(line))
        {
            switch (name)
            {
                case "qty": input.Lots = BookLanguage.Number(value); input.Fields |= OrderFields.Lots; break;
                case "price": input.PriceTicks = BookLanguage.Number(value); input.Fields |= OrderFields.Price; break;
                case "reserve": input.ReserveTicks = BookLanguage.Number(value); break;
                case "worst": input.WorstTicks = BookLanguage.Number(value); break;
                case "bench": input.PostOnlyTradesOnAmend = true; break;
            }
        }

        return input;
    }

    private BookInput CancelInput(string line)
    {
        string[] words = line.Split(' ');
        return Command(BookInputKind.Cancel, words[0]) with { OrderId = ulong.Parse(words[1], CultureInfo.InvariantCulture) };
    }

    private BookInput CloseInput(string line)
    {
        string[] words = line.Split(' ');
        bool isFull = words[1] == "all";
        BookInput input = Command(isFull ? BookInputKind.CloseFull : BookInputKind.Close, words[0]);
        input.Lots = isFull ? 0 : BookLanguage.Number(words[1]);
        input.Liquidation = 9;
        input.Step = 1;
        input.Number = _book.LastNumber(input.Account);
        foreach ((string name, string value) in BookLanguage.Options(line))
        {
            switch (name)
            {
                case "bp": input.BankruptcyTicks = BookLanguage.Number(value); break;
                case "grant": input.Amount = BookLanguage.Number(value); break;
                case "leg": input.Terms.PositionSide = Enum.Parse<PositionSide>(value, ignoreCase: true); break;
                case "asOf": input.Number = ulong.Parse(value, CultureInfo.InvariantCulture); break;
            }
        }

        return input;
    }

    private string[] Levels(Side side) => [.. _book.Levels(side).Select(l => $"{l.Lots} @ {l.PriceTicks}")];
}

using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Accounts.Links;

/// <summary>A few accounts, real books, marks and Clearing, with messages between them lost, repeated and late; accounts crash.</summary>
internal sealed partial class LinkWorld
{
    public const int Symbols = 2;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (long Due, long Order)> _network = new();
    private readonly OrderBook[] _books;
    private readonly PriceAlarms[] _alarms;
    private readonly BookOutput _bookOutput = new();
    private readonly ulong[] _markNumbers = new ulong[Symbols];
    private long _order;

    public LinkWorld(int seed, int accounts)
    {
        _random = new Random(seed);
        _books = [.. Enumerable.Range(0, Symbols).Select(s => new OrderBook(Small(s)))];
        _alarms = [.. Enumerable.Range(0, Symbols).Select(_ => new PriceAlarms())];
        foreach (OrderBook book in _books)
            Market.Add(book.Instrument);
        Clearing.Seed(500_00000000);
        for (int symbol = 0; symbol < Symbols; symbol++)
            SetMark(symbol, 500_000);
        Accounts = [.. Enumerable.Range(1, accounts).Select(id => new AccountHost(this, (uint)id))];
    }

    /// <summary>Low brackets, so that liquidations go step by step.</summary>
    private static Instrument Small(int symbolId) => TestInstruments.Create(TestInstruments.BtcSettings() with
    {
        Symbol = $"S{symbolId}",
        MaxPriceTicks = 10_000_000,
        Brackets = [new(1_000_00000000, 125, 400_000), new(4_000_00000000, 100, 500_000), new(1_000_000_00000000, 75, 650_000)],
    }, symbolId);

    public MarketTable Market { get; } = new();

    public ClearingHouse Clearing { get; } = new();

    public AccountHost[] Accounts { get; }

    public long NowMs { get; private set; } = 1_000;

    public bool HasFaults { get; set; } = true;

    public int Closes { get; private set; }

    public int Crashes { get; private set; }

    public void Send(Action deliver)
    {
        if (HasFaults && _random.Next(100) < 8)
            return;
        int copies = HasFaults && _random.Next(100) < 8 ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            long delay = HasFaults && _random.Next(100) < 10 ? _random.Next(100, 6_000) : _random.Next(1, 40);
            _network.Enqueue(deliver, (NowMs + delay, _order++));
        }
    }

    /// <summary>A disk: nothing is lost, but it takes time.</summary>
    public void Later(int ms, Action action) => _network.Enqueue(action, (NowMs + ms, _order++));

    public void Step(bool isActive)
    {
        NowMs += _random.Next(20, 200);
        while (_network.TryPeek(out Action? action, out (long Due, long Order) key) && key.Due <= NowMs)
        {
            _network.Dequeue();
            action();
        }

        if (isActive)
            Act();
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            PushEvents(symbol);
            foreach (uint account in _alarms[symbol].Woken)
                Wake(symbol, account);
        }

        foreach (AccountHost account in Accounts)
        {
            account.Tick();
            if (HasFaults && account.Linked.Account.IsInLiquidation && _random.Next(20) == 0)
                account.Crash();
        }
    }

    public bool IsAtRest => _network.Count == 0 && Accounts.All(a => a.Linked.IsAtRest) && _books.All(b => b.UnacknowledgedCount == 0);

    private void Act()
    {
        AccountHost account = Accounts[_random.Next(Accounts.Length)];
        int symbol = _random.Next(Symbols);
        switch (_random.Next(40))
        {
            case 0 or 16:
                SetMark(symbol, Math.Clamp(Market[symbol].MarkTicks + _random.Next(-20_000, 20_001), 300_000, 800_000));
                break;
            case 1 when HasFaults:
                Crashes++;
                account.Crash();
                break;
            case < 6:
                if (_random.Next(4) == 0) account.Deposit(_random.Next(1, 20) * 100_000_000L);
                break;
            case < 8:
                account.Submit(new Command { Kind = CommandKind.Withdraw, Amount = _random.Next(1, 10) * 100_000_000L, Key = account.NewKey() });
                break;
            case 8:
                account.Submit(new Command { Kind = CommandKind.SetLeverage, Symbol = symbol, Leverage = _random.Next(5, 126) });
                break;
            case 9:
                account.Submit(new Command { Kind = CommandKind.SetMarginMode, Symbol = symbol, MarginMode = (MarginMode)_random.Next(2) });
                break;
            case < 14:
                account.CancelOne(symbol, _random);
                break;
            case 14:
                Fund(symbol);
                break;
            case 15 when _random.Next(3) == 0:
                account.LeaveBooks(symbol);
                break;
            default:
                account.Submit(new Command { Kind = CommandKind.Place, Account = account.Id, Symbol = symbol, Terms = Terms(symbol, account) });
                break;
        }
    }

    private OrderTerms Terms(int symbol, AccountHost account)
    {
        Side side = (Side)_random.Next(2);
        OrderTerms terms = _random.Next(5) == 0
            ? AccountFixture.MarketOrder(side, _random.Next(1, 260), symbol)
            : AccountFixture.Limit(side, Market[symbol].MarkTicks + _random.Next(-300, 301), _random.Next(1, 260), symbol);
        terms.ClientKey = account.NewKey();
        if (_random.Next(2) == 0)
            terms.Flags |= OrderFlags.ReturnRepeats;
        return terms;
    }

    private void SetMark(int symbol, long ticks)
    {
        ref MarketTable.Entry entry = ref Market[symbol];
        entry.Gap = entry.Gap.Move(entry.Instrument, entry.MarkTicks, ticks);
        entry.MarkTicks = ticks;
        BookInput input = new() { Kind = BookInputKind.Mark, PriceTicks = ticks, Number = ++_markNumbers[symbol], TimeMs = NowMs };
        Apply(symbol, in input);
        _alarms[symbol].Move(ticks);
    }

    private void Fund(int symbol)
    {
        ulong round = (ulong)NowMs;
        BookInput input = new()
        {
            Kind = BookInputKind.FundingRound, PriceTicks = Market[symbol].MarkTicks, Amount = _random.Next(-50_000, 50_001),
            Liquidation = round, TimeMs = NowMs,
        };
        Apply(symbol, in input);
        if (_bookOutput.Outcome.Reason != RejectReason.None)
            return;
        input = new BookInput { Kind = BookInputKind.FundingSlice, Liquidation = round, SliceAccounts = 1_000, TimeMs = NowMs };
        Apply(symbol, in input);
        if (!_bookOutput.RoundIsDone)
            return;
        _remainders[symbol] += _bookOutput.FundingRemainderE8;
        Clearing.ReportRemainders(symbol, round, _remainders[symbol]);
    }

    private readonly long[] _remainders = new long[Symbols];

    private void Apply(int symbol, in BookInput input)
    {
        _books[symbol].Apply(in input, _bookOutput);
        _books[symbol].CheckInvariants();
    }

    private void Wake(int symbol, uint account)
    {
        if (_random.Next(4) == 0)
            Send(() => Accounts[account - 1].Handle((l, o) => l.OnWake(symbol, Market, NowMs, o)));
    }

    /// <summary>Now and then everything unacknowledged again, otherwise what is new.</summary>
    private void PushEvents(int symbol)
    {
        foreach (AccountHost host in Accounts)
        {
            if (_random.Next(3) != 0)
                continue;
            List<BookEvent> events = [];
            _books[symbol].CopyEvents(host.Id, 0, events);
            if (events.Count == 0)
                continue;
            BookEvent[] pushed = [.. events];
            Send(() => host.Handle((l, o) => l.OnEvents(symbol, pushed, Market, NowMs, o)));
        }
    }
}

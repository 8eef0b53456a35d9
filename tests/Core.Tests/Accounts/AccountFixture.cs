using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Accounts;

/// <summary>One account and the answers a book gives it when nothing is matched but what the test says.</summary>
internal sealed class AccountFixture
{
    private ulong _nextOrder = 1;
    private ulong[] _numbers = new ulong[8];

    public AccountFixture(params Instrument[] instruments)
    {
        foreach (Instrument instrument in instruments.Length == 0 ? [TestVenue.Bitcoin()] : instruments)
            Market.Add(instrument);
    }

    public MarketTable Market { get; } = new();

    public MarginAccount Account { get; private set; } = new(7);

    public AccountChange Change;

    public long TimeMs { get; set; } = 1_000;

    public void Mark(long ticks, int symbol = 0)
    {
        ref MarketTable.Entry entry = ref Market[symbol];
        entry.Gap = entry.Gap.Move(entry.Instrument, entry.MarkTicks, ticks);
        entry.MarkTicks = ticks;
    }

    public void Deposit(string amount) => Assert.Equal(RejectReason.None, Account.Deposit(default, Money(amount)));

    /// <summary>Judges, reserves and lets the book accept; the order then rests.</summary>
    public RejectReason Place(in OrderTerms terms, out ulong orderId)
    {
        orderId = _nextOrder;
        Register(terms.Symbol);
        BookInput input = default;
        RejectReason reason = Account.JudgePlace(in terms, Market, TimeMs);
        if (reason == RejectReason.None)
            reason = Account.ReservePlace(in terms, Market, orderId, TimeMs, ref input);
        if (reason != RejectReason.None)
            return reason;

        _nextOrder++;
        Tell(terms.Symbol, Accepted(in input));
        Account.Resolve(terms.Symbol, input.CommandKey, Market[terms.Symbol].Instrument);
        return RejectReason.None;
    }

    public RejectReason Amend(int symbol, ulong orderId, OrderFields fields, long priceTicks, long lots, long filled)
    {
        BookInput input = default;
        RejectReason reason = Account.JudgeAmend(symbol, orderId, fields, priceTicks, lots, Market);
        if (reason == RejectReason.None)
            reason = Account.ReserveAmend(symbol, orderId, fields, priceTicks, lots, Market, TimeMs, ref input);
        if (reason != RejectReason.None)
            return reason;
        Tell(symbol, new BookEvent
        {
            Kind = BookEventKind.Amended,
            OrderId = orderId,
            PriceTicks = priceTicks,
            Lots = lots,
            LeavesLots = lots - filled,
            Amount = input.ReserveTicks,
            MarkTicks = input.WorstTicks,
        });
        Account.Resolve(symbol, input.CommandKey, Market[symbol].Instrument);
        return RejectReason.None;
    }

    public void Cancel(int symbol, ulong orderId, EndReason reason = EndReason.User)
    {
        BookInput input = default;
        Assert.Equal(RejectReason.None, Account.Cancel(symbol, orderId, reason, TimeMs, ref input));
        Tell(symbol, new BookEvent { Kind = BookEventKind.Canceled, Reason = reason, OrderId = orderId });
    }

    /// <summary>A fill of an order of the account, or with id 0 of none it mirrors.</summary>
    public void Fill(
        ulong orderId, Side side, long priceTicks, long lots, long leaves = 0, bool isMaker = true, int symbol = 0,
        PositionSide positionSide = PositionSide.Both, BookEventFlags flags = BookEventFlags.None) => Tell(symbol, new BookEvent
        {
            Kind = BookEventKind.Fill,
            Flags = flags | (side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None) | (isMaker ? BookEventFlags.Maker : BookEventFlags.None),
            PositionSide = positionSide,
            OrderId = orderId,
            PriceTicks = priceTicks,
            Lots = lots,
            LeavesLots = leaves,
            MarkTicks = Market[symbol].MarkTicks,
        });

    public void Tell(int symbol, BookEvent e)
    {
        e.Account = Account.Id;
        e.Number = ++_numbers[symbol];
        Assert.Equal(EventOutcome.Applied, Account.Apply(symbol, in e, Market, ref Change));
    }

    public void Register(int symbol)
    {
        BookInput input = default;
        if (Account.NeedsRegistration(symbol))
            Account.FillRegister(symbol, Market, TimeMs, ref input);
    }

    /// <summary>The account as its snapshot restores it; the hash must not change.</summary>
    public static MarginAccount ReadBack(MarginAccount account)
    {
        SnapshotWriter writer = new();
        account.Write(writer);
        MarginAccount read = new(account.Id);
        SnapshotReader reader = new(writer.Written.ToArray());
        read.Read(reader);
        Assert.True(reader.IsAtEnd);
        Assert.Equal(Hash(account), Hash(read));
        return read;
    }

    public static ulong Hash(MarginAccount account)
    {
        StateHasher hasher = StateHasher.Create();
        account.AddTo(ref hasher);
        return hasher.Value;
    }

    public static BookEvent Accepted(in BookInput input) => new()
    {
        Kind = BookEventKind.Accepted,
        Flags = input.Terms.Side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None,
        PositionSide = input.Terms.PositionSide,
        OrderId = input.OrderId,
        PriceTicks = input.Terms.PriceTicks,
        Lots = input.Terms.Lots,
        LeavesLots = input.Terms.Lots,
        OtherId = input.CommandKey,
        Amount = input.ReserveTicks,
        MarkTicks = input.WorstTicks,
    };

    public static OrderTerms Limit(Side side, long priceTicks, long lots, int symbol = 0) => new()
    {
        Symbol = symbol,
        Side = side,
        Type = OrderType.Limit,
        PriceTicks = priceTicks,
        Lots = lots,
        Fields = OrderFields.Price | OrderFields.Lots,
    };

    public static OrderTerms MarketOrder(Side side, long lots, int symbol = 0) => new()
    {
        Symbol = symbol,
        Side = side,
        Type = OrderType.Market,
        TimeInForce = TimeInForce.Ioc,
        Lots = lots,
        Fields = OrderFields.Lots,
    };

    /// <summary>USDT as text to 1e-8.</summary>
    public static long Money(string amount) => (long)(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture) * 100_000_000m);
}

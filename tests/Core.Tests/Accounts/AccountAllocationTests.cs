using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

public sealed class AccountAllocationTests
{
    private readonly AccountFixture _test = new(TestVenue.Bitcoin(), TestVenue.Bitcoin(1));
    private ulong _number;
    private ulong _nextOrder = 1;
    private AccountChange _change;

    [Fact]
    public void Judging_reserving_and_applying_allocate_nothing_once_warm()
    {
        _test.Mark(500_000);
        _test.Mark(500_000, 1);
        _test.Deposit("100000");
        _test.Register(0);
        RunOrders(1_000);

        Allocations.AssertNone(() => RunOrders(20_000));
    }

    /// <summary>A resting order, an amend, a cancel, and a taker that fills: what a market maker's day is made of.</summary>
    private void RunOrders(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Side side = (Side)(i & 1);
            _test.Mark(500_000 + (i % 64) - 32);
            ulong resting = Place(AccountFixture.Limit(side, 500_000 - (side.Sign() * 100), 10));
            Amend(resting);
            ulong taker = Place(AccountFixture.Limit(side, 500_000 + (side.Sign() * 20), 10));
            Tell(Fill(taker, side));
            Tell(new BookEvent { Kind = BookEventKind.Canceled, Reason = EndReason.User, OrderId = resting, Lots = 12 });
            _test.Account.Watch(_test.Market);
            while (_test.Account.TryTakeRange(out _, out PriceRange _))
            {
            }
        }
    }

    private ulong Place(in OrderTerms terms)
    {
        BookInput input = default;
        ulong id = _nextOrder++;
        Passes(_test.Account.JudgePlace(in terms, _test.Market, 1));
        Passes(_test.Account.ReservePlace(in terms, _test.Market, id, 1, ref input));
        Tell(AccountFixture.Accepted(in input));
        _test.Account.Resolve(0, input.CommandKey, _test.Market[0].Instrument);
        return id;
    }

    private void Amend(ulong id)
    {
        BookInput input = default;
        Passes(_test.Account.JudgeAmend(0, id, OrderFields.Lots, 0, 12, _test.Market));
        Passes(_test.Account.ReserveAmend(0, id, OrderFields.Lots, 0, 12, _test.Market, 1, ref input));
        Tell(new BookEvent
        {
            Kind = BookEventKind.Amended,
            OrderId = id,
            PriceTicks = input.WorstTicks,
            Lots = 12,
            LeavesLots = 12,
            Amount = input.ReserveTicks,
            MarkTicks = input.WorstTicks,
        });
        _test.Account.Resolve(0, input.CommandKey, _test.Market[0].Instrument);
    }

    private BookEvent Fill(ulong order, Side side) => new()
    {
        Kind = BookEventKind.Fill,
        Flags = side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None,
        OrderId = order,
        PriceTicks = 500_000,
        Lots = 10,
        MarkTicks = _test.Market[0].MarkTicks,
    };

    private void Tell(BookEvent e)
    {
        e.Account = _test.Account.Id;
        e.Number = ++_number;
        if (_test.Account.Apply(0, in e, _test.Market, ref _change) != EventOutcome.Applied)
            throw new InvalidOperationException();
    }

    /// <summary>xunit's own comparison allocates.</summary>
    private static void Passes(RejectReason reason)
    {
        if (reason != RejectReason.None)
            throw new InvalidOperationException(reason.ToString());
    }
}

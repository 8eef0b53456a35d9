using System.Text;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Feed;

/// <summary>A client order id sent again whose order the account's history no longer has.</summary>
public sealed class ForgottenOrderTests
{
    private static readonly Instrument[] s_listed = [TestInstruments.Btc()];

    /// <summary>Who comes up reads back only so many rows; the book remembers how an order ended.</summary>
    [Fact]
    public void A_repeat_of_an_order_that_is_not_read_back_tells_how_it_ended()
    {
        LinkedVenue linked = Funded();
        LinkedVenue.AccountHost host = linked.Account(1);
        Command first = Named("first", lots: 7);
        Assert.Equal(RejectReason.None, host.Do(in first).Reason);
        Command taker = Named("taker", lots: 3);
        (taker.Account, taker.Terms.Side) = (2, Side.Sell);
        linked.Do(in taker);
        host.Do(new Command { Kind = CommandKind.Cancel, Account = 1, Symbol = 0, Key = first.Terms.ClientKey });
        for (int i = 0; i <= AccountFeed.CheckpointRows; i++)
            host.Do(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1, Key = new ClientKey(9, (ulong)i) });
        host.RowsBack = AccountFeed.CheckpointRows;
        host.Kill();
        Assert.Null(host.Feed.Views.FindOrder(1, 0, "first", symbols: 1));

        CommandReply repeat = host.Do(in first);

        Assert.True(repeat.IsRepeat);
        Assert.Equal((OrderStatus.Canceled, EndReason.User, 7L, 3L), (repeat.Order!.Status, repeat.Order.Reason, repeat.Order.TotalLots, repeat.Order.FilledLots));
    }

    [Fact]
    public void A_repeat_of_an_order_that_was_dropped_since_the_account_came_up_is_refused()
    {
        LinkedVenue linked = Funded();
        LinkedVenue.AccountHost host = linked.Account(1);
        host.Limits = new ViewLimits { EndedOrdersPerAccount = 1 };
        host.Kill();
        Command first = Named("first", lots: 7);
        foreach (Command order in (Command[])[first, Named("second", lots: 7)])
        {
            Assert.Equal(RejectReason.None, host.Do(in order).Reason);
            host.Do(new Command { Kind = CommandKind.Cancel, Account = 1, Symbol = 0, Key = order.Terms.ClientKey });
        }

        CommandReply repeat = host.Do(in first);

        Assert.Equal((RejectReason.ClientIdReused, false, null), (repeat.Reason, repeat.IsRepeat, repeat.Order));
    }

    /// <summary>The account dies before it has written that its orders were accepted; one of them has ended by then.</summary>
    [Fact]
    public void What_an_order_of_a_dead_life_was_named_and_asked_for_is_told()
    {
        LinkedVenue linked = Funded();
        LinkedVenue.AccountHost host = linked.Account(1);
        host.Do(Named("before", lots: 1));
        linked.WritesAtOnce = false;
        Command trailing = Named("trails", lots: 2);
        trailing.Terms.Type = OrderType.TrailingStopMarket;
        (trailing.Terms.Side, trailing.Terms.PriceTicks) = (Side.Sell, 0);
        (trailing.Terms.CallbackRateE8, trailing.Terms.ActivationTicks) = (1_000_000, 600_000);
        trailing.Terms.Fields = OrderFields.Lots | OrderFields.Callback | OrderFields.Activation;
        Command ended = Named("ended", lots: 7);
        foreach (Command order in (Command[])[trailing, ended])
            host.Send(in order);
        host.Send(new Command { Kind = CommandKind.Cancel, Account = 1, Symbol = 0, Key = ended.Terms.ClientKey });
        host.Told.Clear();

        host.Kill();

        AccountViews views = host.Feed.Views;
        Assert.Equal(
            [("trails", OrderType.TrailingStopMarket, 1_000_000, 600_000L), ("ended", OrderType.Limit, 0, 0L)],
            ((string[])["trails", "ended"]).Select(id => views.FindOrder(1, 0, id, symbols: 1)!).Select(
                order => (order.ClientOrderId, order.Type, order.CallbackRateE8, order.ActivationTicks)));
        Assert.Equal(["before", "ended", "trails"], views.GetOrders(1, 0, 0, 10).Items.Select(order => order.ClientOrderId).Order());
    }

    private static LinkedVenue Funded()
    {
        var linked = new LinkedVenue(s_listed, accounts: 2);
        linked.Do(new Command { Kind = CommandKind.SetMark, Symbol = 0, PriceTicks = 500_000 });
        for (uint account = 1; account <= 2; account++)
            linked.Do(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 1_000_000 * 100_000_000L, Key = new ClientKey(8, account) });
        return linked;
    }

    /// <summary>A limit order to buy of account 1, of which a repeat is answered by the first.</summary>
    private static Command Named(string id, long lots) => new()
    {
        Kind = CommandKind.Place,
        Account = 1,
        ClientId = ClientOrderId.From(Encoding.ASCII.GetBytes(id)),
        Terms = new OrderTerms
        {
            Side = Side.Buy,
            PriceTicks = 500_000,
            Lots = lots,
            Fields = OrderFields.Price | OrderFields.Lots,
            Flags = OrderFlags.ReturnRepeats,
            ClientKey = ClientKey.From(Encoding.ASCII.GetBytes(id)),
        },
    };
}

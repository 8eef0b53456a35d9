using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Grains.Tests.Support;

/// <summary>The rules' section 10 for a venue at rest: what was paid in is there, to the last unit, and positions sum to zero.</summary>
internal static class TestMoney
{
    public static Task IsConserved(TestVenue venue, int symbols, uint accounts) => Condition.Holds(() => IsConservedNow(venue, symbols, accounts));

    private static bool IsConservedNow(TestVenue venue, int symbols, uint accounts)
    {
        Int128 sum = venue.Clearing.House.FundE8 + venue.Clearing.House.FeesE8;
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            OrderBook book = venue.BookOf(symbol).Book!;
            long lots = 0;
            for (uint account = 1; account <= accounts; account++)
                lots += book.Position(account, leg: 0);
            Assert.Equal(0, lots);
        }

        for (uint account = 1; account <= accounts; account++)
        {
            MarginAccount machine = venue.AccountOf(account).Link.Account;
            sum += machine.WalletE8;
            for (int symbol = 0; symbol < symbols; symbol++)
            {
                PositionLeg position = machine.PositionOf(symbol, leg: 0);
                sum -= position.Lots >= 0 ? position.CostE8 : -position.CostE8;
            }
        }

        return sum == TestVenue.FundE8 + (Int128)accounts * TestVenue.FundsE8;
    }
}

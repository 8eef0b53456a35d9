using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>Accounts that a mark must reach though they were thought safe (protocol 5).</summary>
public sealed class DueAccountTests
{
    [Fact]
    public void Margin_taken_out_of_a_watched_position_brings_its_liquidation_nearer()
    {
        var venue = new EngineFixture(1, 2);
        venue.Apply(new Command { Kind = CommandKind.SetMarginMode, Account = 1, Symbol = 0, MarginMode = MarginMode.Isolated });
        venue.Limit(2, 0, Side.Sell, 100, 10_000);
        venue.Limit(1, 0, Side.Buy, 100, 10_000); // 100 USDT with 5 of margin.
        venue.Apply(new Command { Kind = CommandKind.AdjustMargin, Account = 1, Symbol = 0, Amount = 5 * Rounding.OneE8 });
        venue.Mark(0, 9_990); // Watched from here on.
        venue.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 });
        venue.Mark(0, 9_989); // Looked at again, and found safe within its range.

        RejectReason taken = venue.Apply(new Command { Kind = CommandKind.AdjustMargin, Account = 1, Symbol = 0, Amount = -480_000_000 });
        venue.Mark(0, 9_985); // Watched anew.
        venue.Mark(0, 9_530);

        Assert.Equal(RejectReason.None, taken);
        Assert.True(venue.HasTold(BookEventKind.Liquidation));
    }
}

using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded.Tests;

/// <summary>An order of one of the first accounts, near enough to the mark of 500,000 ticks that many of them trade.</summary>
internal static class RandomOrder
{
    public static Command Next(Random random, uint accounts)
    {
        var command = new Command { Kind = CommandKind.Place, Account = 1 + (uint)random.Next((int)accounts) };
        command.Terms.Side = (Side)random.Next(2);
        command.Terms.PriceTicks = 500_000 + random.Next(-20, 20);
        command.Terms.Lots = random.Next(1, 10);
        command.Terms.Fields = OrderFields.Price | OrderFields.Lots;
        return command;
    }
}

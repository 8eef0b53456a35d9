using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>Many accounts in one symbol, half of them long with little: a mark of <see cref="CrashTicks"/> is too much for all of those.</summary>
internal static class Crowd
{
    public const long CrashTicks = 9_400;

    /// <summary>Holds no position.</summary>
    public const uint Rich = 1;

    private const long MarkTicks = 10_000;

    public static uint LastLong(int pairs) => Rich + (2 * (uint)pairs);

    /// <summary>What fills a new venue: no order is left, so whoever falls is closed by auto-deleveraging.</summary>
    public static IEnumerable<(Command Command, Instrument? Listing)> Commands(int pairs)
    {
        yield return (new Command { Kind = CommandKind.ListInstrument }, TestInstruments.Create(EngineInstruments.Fine(), 0));
        yield return (new Command { Kind = CommandKind.SetMark, PriceTicks = MarkTicks }, null);
        yield return (New(Rich), null);
        yield return (Fund(Rich, 10_000), null);
        for (uint pair = 0; pair < pairs; pair++)
        {
            uint seller = Rich + 1 + (2 * pair);
            yield return (New(seller), null);
            yield return (New(seller + 1), null);
            yield return (Fund(seller, 20 + (pair * 7 % 40)), null);
            yield return (Fund(seller + 1, 6), null);
            yield return (Order(seller, Side.Sell, 100, MarkTicks), null);
            yield return (Order(seller + 1, Side.Buy, 100, MarkTicks), null);
        }
    }

    public static void Fill(Engine engine, int pairs)
    {
        var output = new EngineOutput();
        foreach ((Command command, Instrument? listing) in Commands(pairs))
        {
            engine.Apply(in command, 0, output, listing);
            Assert.Equal(RejectReason.None, output.Reason);
        }
    }

    public static Command Order(uint account, Side side, long lots, long ticks) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Terms = new OrderTerms { Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots },
    };

    public static RejectReason Limit(Engine engine, EngineOutput output, uint account, Side side, long lots, long ticks) =>
        Apply(engine, output, Order(account, side, lots, ticks));

    public static RejectReason Apply(Engine engine, EngineOutput output, Command command, long timeMs = 0)
    {
        engine.Apply(in command, timeMs, output);
        return output.Reason;
    }

    private static Command New(uint account) => new() { Kind = CommandKind.CreateAccount, Account = account };

    private static Command Fund(uint account, long usdt) =>
        new() { Kind = CommandKind.Deposit, Account = account, Amount = usdt * Rounding.OneE8 };
}

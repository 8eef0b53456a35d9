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

    /// <summary>Fills a new engine: no order is left, so whoever falls is closed by auto-deleveraging.</summary>
    public static void Fill(Engine engine, int pairs)
    {
        var output = new EngineOutput();
        engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 0, output, TestInstruments.Create(EngineInstruments.Fine(), 0));
        Apply(engine, output, new Command { Kind = CommandKind.SetMark, PriceTicks = MarkTicks });
        Open(engine, output, Rich, 10_000);
        for (uint pair = 0; pair < pairs; pair++)
        {
            uint seller = Rich + 1 + (2 * pair);
            Open(engine, output, seller, 20 + (pair * 7 % 40));
            Open(engine, output, seller + 1, 6);
            Limit(engine, output, seller, Side.Sell, 100, MarkTicks);
            Limit(engine, output, seller + 1, Side.Buy, 100, MarkTicks);
        }
    }

    public static RejectReason Limit(Engine engine, EngineOutput output, uint account, Side side, long lots, long ticks) => Apply(engine, output, new Command
    {
        Kind = CommandKind.Place,
        Account = account,
        Terms = new OrderTerms { Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots },
    });

    public static RejectReason Apply(Engine engine, EngineOutput output, Command command, long timeMs = 0)
    {
        engine.Apply(in command, timeMs, output);
        return output.Reason;
    }

    private static void Open(Engine engine, EngineOutput output, uint account, long usdt)
    {
        Apply(engine, output, new Command { Kind = CommandKind.CreateAccount, Account = account });
        Apply(engine, output, new Command { Kind = CommandKind.Deposit, Account = account, Amount = usdt * Rounding.OneE8 });
    }
}

using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Silo.Bench;

/// <summary>The orders that are sent: limits a few ticks around the mark, half of each side, each with a client id of its own.</summary>
/// <remarks>Some rest; the others are immediate-or-cancel, so that nothing piles up and what rests is met soon.</remarks>
/// <param name="firstId">Above all that an earlier run gave its orders.</param>
internal sealed class BenchFlow(BenchPlan plan, long firstId)
{
    private long _ids = firstId;

    public Command Order(uint account, int symbol, Random random)
    {
        bool rests = random.Next(100) < plan.RestingPercent;
        return Limit(
            account, symbol, random.Next(2) == 0 ? Side.Buy : Side.Sell, rests ? TimeInForce.Gtc : TimeInForce.Ioc, random.Next(1, 10),
            BenchInstruments.MarkTicks + random.Next(-5, 6));
    }

    /// <summary>One that changes nothing but that its account is in the book from then on.</summary>
    public Command Entry(uint account, int symbol) =>
        Limit(account, symbol, Side.Buy, TimeInForce.Ioc, 1, BenchInstruments.MarkTicks - 1_000);

    /// <summary>One that nobody meets.</summary>
    public Command Resting(uint account, int symbol, Random random) =>
        Limit(account, symbol, Side.Buy, TimeInForce.Gtc, 1, BenchInstruments.MarkTicks - 2_000 - random.Next(2_000));

    /// <summary>One that many can be met by.</summary>
    public Command Supply(uint account, int symbol) =>
        Limit(account, symbol, Side.Sell, TimeInForce.Gtc, 50_000, BenchInstruments.MarkTicks);

    /// <summary>One that meets it.</summary>
    public Command Demand(uint account, int symbol) =>
        Limit(account, symbol, Side.Buy, TimeInForce.Ioc, 1, BenchInstruments.MarkTicks);

    private Command Limit(uint account, int symbol, Side side, TimeInForce timeInForce, long lots, long priceTicks) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Symbol = symbol,
        Terms = new OrderTerms
        {
            Symbol = symbol, Side = side, Type = OrderType.Limit, TimeInForce = timeInForce, Lots = lots, PriceTicks = priceTicks,
            ClientKey = new ClientKey((ulong)Interlocked.Increment(ref _ids), account), Flags = OrderFlags.ReturnRepeats,
            Fields = OrderFields.Lots | OrderFields.Price,
        },
    };
}

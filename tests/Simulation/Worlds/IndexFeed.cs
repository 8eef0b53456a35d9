using Exchange.Core.Instruments;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>The outside world's prices: they wander, and now and then they crash far enough to ruin the accounts.</summary>
internal sealed class IndexFeed(World world, int symbol, Instrument instrument)
{
    private long _second;

    public long Ticks { get; private set; } = Venue.FirstIndexTicks(symbol);

    public void Tick()
    {
        long second = world.NowMs / 1_000;
        if (second == _second)
            return;
        _second = second;
        if (world.ClientsAct)
            Move();
        long indexE8 = Ticks * instrument.TickE8;
        world.SendFromOutside(world.MarkNodeOf(symbol), new IndexMessage(indexE8));
    }

    private void Move()
    {
        long first = Venue.FirstIndexTicks(symbol);
        long perTenThousand = world.Random.Chance(8_000) ? world.Random.Between(-1_200, 1_200) : world.Random.Between(-40, 40);
        if (Ticks < first / 2)
            perTenThousand = Math.Abs(perTenThousand);
        else if (Ticks > first * 2)
            perTenThousand = -Math.Abs(perTenThousand);
        Ticks += Ticks * perTenThousand / 10_000;
    }
}

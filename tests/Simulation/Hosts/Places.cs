using Exchange.Core.Nodes;
using Exchange.Simulation.Truth;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

internal sealed class BookPlace : JournalPlace<BookNode>
{
    private BookPlace(World world, int symbol, BookHistory history)
        : base(
            world, NodeId.Book(symbol), new BookNode(NoHost.One, symbol, world.Settings, history),
            host => new BookNode(host, symbol, world.Settings)) => History = history;

    public BookPlace(World world, int symbol)
        : this(world, symbol, new BookHistory(world.Happenings))
    {
    }

    public BookHistory History { get; }
}

internal sealed class MarkPlace(World world, int symbol) : JournalPlace<MarkNode>(
    world, NodeId.Mark(symbol), new MarkNode(NoHost.One, symbol, world.Settings), host => new MarkNode(host, symbol, world.Settings));

internal sealed class ClearingPlace : JournalPlace<ClearingNode>
{
    private ClearingPlace(World world, ClearingHistory history)
        : base(
            world, NodeId.Clearing, new ClearingNode(NoHost.One, world.Settings, history), host => new ClearingNode(host, world.Settings)) =>
        History = history;

    public ClearingPlace(World world)
        : this(world, new ClearingHistory())
    {
    }

    public ClearingHistory History { get; }
}

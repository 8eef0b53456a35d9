using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Marks;

/// <summary>Measures how a market order of the impact notional would fill in a book.</summary>
internal sealed class ImpactProbe
{
    private (long PriceTicks, long Lots)[] _depth = new (long, long)[1_000];

    public ImpactDepth Of(OrderBook book, Side side)
    {
        int count = book.CopyLevels(side, _depth);
        while (count == _depth.Length)
        {
            Array.Resize(ref _depth, count * 2);
            count = book.CopyLevels(side, _depth);
        }

        var walk = new ImpactWalk(book.Instrument.ImpactNotionalE8, book.Instrument.UnitE8);
        for (int i = 0; i < count; i++)
        {
            if (walk.Take(_depth[i].PriceTicks, _depth[i].Lots))
                break;
        }

        return walk.Depth;
    }
}

using Exchange.Core.Instruments;

namespace Exchange.Api.Demo;

/// <summary>A symbol as the demo market sees it: its index, and what its ladders and sizes are measured in.</summary>
internal sealed class DemoSymbol
{
    private const long UsualUsdt = 8_000;
    private const long OneE8 = 100_000_000;
    private readonly DemoPath _path;

    public DemoSymbol(Instrument instrument, int seed)
    {
        Instrument = instrument;
        AnchorE8 = instrument.FixedIndexTicks * instrument.TickE8;
        _path = new DemoPath(seed, instrument.SymbolId, AnchorE8);
        GapTicks = Math.Max(4, instrument.FixedIndexTicks / 10_000);
        UsualLots = Math.Max(instrument.MinLots, UsualUsdt * OneE8 / instrument.NotionalE8(instrument.FixedIndexTicks, 1));
    }

    public Instrument Instrument { get; }

    public int Id => Instrument.SymbolId;

    /// <summary>The index that the path is drawn back to.</summary>
    public long AnchorE8 { get; }

    /// <summary>Between two levels of a ladder: a basis point of the anchor.</summary>
    public long GapTicks { get; }

    /// <summary>An order of usual size.</summary>
    public long UsualLots { get; }

    public long IndexE8 { get; set; }

    /// <summary>The index's last step, in ticks.</summary>
    public long MoveTicks { get; private set; }

    /// <summary>What the house thinks the contract is worth: the index and a slow basis.</summary>
    public long WorthTicks { get; private set; }

    /// <summary>In thousandths: busy hours are turbulent ones.</summary>
    public int Turbulence { get; private set; }

    public void Advance(long step)
    {
        long before = IndexE8;
        IndexE8 = _path.Next(before, step);
        MoveTicks = (IndexE8 - before) / Instrument.TickE8;
        WorthTicks = (IndexE8 + (long)((Int128)IndexE8 * _path.BasisE8(step) / OneE8)) / Instrument.TickE8;
        Turbulence = _path.Factor(step);
    }
}

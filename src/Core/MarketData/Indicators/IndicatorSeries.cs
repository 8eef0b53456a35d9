using Exchange.Core.Wire;

namespace Exchange.Core.MarketData.Indicators;

/// <summary>One indicator over one row of bars, the last of which may still be running.</summary>
public sealed class IndicatorSeries
{
    private const byte Format = 1;
    private static readonly uint Tag = SnapshotTag.Of("INDI");

    private readonly Indicator _indicator;
    private readonly double[] _closed;
    private readonly double[] _running;
    private readonly double[] _values;

    public IndicatorSeries(Indicator indicator)
    {
        _indicator = indicator;
        _closed = new double[indicator.StateLength];
        _running = new double[indicator.StateLength];
        _values = new double[indicator.Outputs.Length];
        Array.Fill(_values, double.NaN);
    }

    /// <summary>After the last bar, one for each of <see cref="Indicator.Outputs"/>; NaN: not defined yet.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The running bar as it stands now; each time in place of what it was before.</summary>
    public void Update(in Bar running)
    {
        _closed.CopyTo(_running, 0);
        _indicator.Add(_running, in running, _values);
    }

    /// <summary>A bar as it ended; the next one is another.</summary>
    public void Close(in Bar bar) => _indicator.Add(_closed, in bar, _values);

    /// <summary>What is known of the bars that have ended.</summary>
    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(Format);
        writer.WriteStructs<double>(_closed);
        writer.EndSection();
    }

    /// <summary>Restores into a series of the same indicator; its values are those of the next bar.</summary>
    /// <exception cref="SnapshotException">Damaged, of another version, or of another indicator.</exception>
    public void Read(SnapshotReader reader)
    {
        reader.BeginSection(Tag);
        byte format = reader.ReadByte();
        if (format != Format)
            throw new SnapshotException($"An indicator of format {format}; this build reads {Format}.");
        if (reader.ReadStructs<double>(_closed.AsSpan()) != _closed.Length)
            throw new SnapshotException("An indicator of another length.");
        reader.EndSection();
        Array.Fill(_values, double.NaN);
    }

    public void AddTo(ref StateHasher hasher) => hasher.AddStructs<double>(_closed);
}

using Exchange.Core.Feed;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Grains.Markets;

/// <summary>A symbol's mark and its funding rounds, beside the mark.</summary>
internal sealed class MarkMarket(int symbol, ViewLimits limits) : MarketSource, IMarkObserver
{
    private readonly MarkFeed _feed = new(symbol);
    private readonly MarkHistory _history = new(limits);
    private long _timeMs;

    public override long TimeMs => _timeMs;

    public override long Held => 0;

    void IMarkObserver.OnInput(Mark mark, ulong sequence, in MarkInput input, MarkOutput output)
    {
        int known = Made.Count;
        _feed.Build(mark, sequence, output, Made);
        foreach (ref readonly FeedEvent e in Made.Events[known..])
        {
            _history.Apply(in e);
            _timeMs = e.TimeMs;
        }
    }

    public override void Write(SnapshotWriter writer)
    {
        writer.Write(_timeMs);
        _history.Write(writer);
    }

    public override void Read(SnapshotReader reader)
    {
        _timeMs = reader.ReadInt64();
        _history.Read(reader);
        _feed.Resume(_history.LastFundingRound);
    }
}

using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Tests.Support;

namespace Exchange.Grains.Tests.Markets;

/// <summary>One silo's mirror of one symbol, over calls that are lost, late and repeated; and a reader of its events that keeps depth as streams do.</summary>
internal sealed class SimulatedEdge
{
    private readonly Queue<(MarketBatch Batch, TaskCompletionSource<MarketPlace> Answer)> _calls = new();
    private readonly List<MarketBatch> _late = [];
    private readonly SortedDictionary<(Side Side, long PriceTicks), long> _levels = [];
    private ulong _depthNumber;

    public SimulatedEdge(ViewLimits limits) => Symbol = new MirroredSymbol(TestInstruments.Create(0), limits);

    public MirroredSymbol Symbol { get; }

    /// <summary>Ids of the trades it was told.</summary>
    public List<ulong> Trades { get; } = [];

    /// <summary>Times that depth had to be read anew.</summary>
    public int Resyncs { get; private set; }

    /// <summary>Times that the mirror was told how all stands.</summary>
    public int Snapshots { get; private set; }

    public int CallsUnderWay => _calls.Count;

    public MarketPlace Heard => Symbol.HeardOf(Symbol.Book);

    public Task<MarketPlace> Call(MarketBatch batch)
    {
        var answer = new TaskCompletionSource<MarketPlace>();
        _calls.Enqueue((batch, answer));
        return answer.Task;
    }

    public void Deliver()
    {
        if (_calls.TryDequeue(out var call))
            call.Answer.SetResult(Take(call.Batch));
    }

    public void LoseAnswer()
    {
        if (!_calls.TryDequeue(out var call))
            return;
        Take(call.Batch);
        call.Answer.SetException(new TimeoutException());
    }

    /// <summary>The source gives the call up; it may arrive yet.</summary>
    public void LoseRequest()
    {
        if (!_calls.TryDequeue(out var call))
            return;
        _late.Add(call.Batch);
        call.Answer.SetException(new TimeoutException());
    }

    public void DeliverLate(Random random)
    {
        if (_late.Count == 0)
            return;
        int at = random.Next(_late.Count);
        Take(_late[at]);
        _late.RemoveAt(at);
    }

    /// <summary>What its reader made of the events is what the mirror shows.</summary>
    public void AssertReaderKnowsDepth()
    {
        DepthView depth = Symbol.Market.Depth(int.MaxValue);
        Assert.Equal(depth.Bids.Concat(depth.Asks).OrderBy(level => level.PriceTicks), _levels.Select(level => new LevelView(level.Key.PriceTicks, level.Value)).OrderBy(level => level.PriceTicks));
    }

    private MarketPlace Take(MarketBatch batch)
    {
        Snapshots += batch.IsSnapshot ? 1 : 0;
        return Symbol.Take(batch, 0, Hear);
    }

    private void Hear(ReadOnlySpan<FeedEvent> events)
    {
        foreach (ref readonly FeedEvent e in events)
        {
            if (e.Kind == FeedKind.Trade)
                Trades.Add(e.Id);
            else if (e.Kind == FeedKind.Level)
                HearLevel(in e);
        }
    }

    private void HearLevel(in FeedEvent e)
    {
        if (e.Id <= _depthNumber)
            return;
        if (e.Id > _depthNumber + 1)
        {
            Resyncs++;
            DepthView depth = Symbol.Market.Depth(int.MaxValue);
            _levels.Clear();
            foreach (LevelView bid in depth.Bids)
                _levels[(Side.Buy, bid.PriceTicks)] = bid.Lots;
            foreach (LevelView ask in depth.Asks)
                _levels[(Side.Sell, ask.PriceTicks)] = ask.Lots;
            _depthNumber = depth.Number;
            return;
        }

        _depthNumber = e.Id;
        if (e.Lots == 0)
            _levels.Remove((e.Side, e.PriceTicks));
        else
            _levels[(e.Side, e.PriceTicks)] = e.Lots;
    }
}

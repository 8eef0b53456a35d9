using Exchange.Core.Instruments;

namespace Exchange.Edge.Native.Streams;

/// <summary>The order commands of one stream that wait for their answers: a bounded number, each used again.</summary>
internal sealed class OrdersInFlight(StreamConnection connection, int most, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<StreamOrder> _all = [];
    private readonly Stack<StreamOrder> _free = [];

    public int Most => most;

    /// <summary>A place for one more; null: as many wait as may.</summary>
    public StreamOrder? TryBegin(long? requestId, StreamOp op, Instrument instrument)
    {
        StreamOrder? order;
        lock (_gate)
        {
            if (!_free.TryPop(out order))
            {
                if (_all.Count == most)
                    return null;
                order = new StreamOrder(this);
                _all.Add(order);
            }
        }

        order.Begin(requestId, op, instrument, time.GetTimestamp());
        return order;
    }

    /// <summary>Hands the answer to the stream's sender.</summary>
    public void Answer(StreamOrder order) => connection.Add(order);

    /// <summary>Its answer was written, or nobody waits for it any more.</summary>
    public void Return(StreamOrder order)
    {
        order.End();
        lock (_gate)
            _free.Push(order);
    }

    /// <summary>Those that wait longer than they may, given up.</summary>
    public List<StreamOrder>? GiveUp(TimeSpan patience)
    {
        List<StreamOrder>? late = null;
        lock (_gate)
        {
            foreach (StreamOrder order in _all)
            {
                if (order.IsWaiting && time.GetElapsedTime(order.SubmittedAt) > patience && order.TryGiveUp())
                    (late ??= []).Add(order);
            }
        }

        return late;
    }
}

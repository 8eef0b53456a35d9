namespace Exchange.Cli.Replay;

/// <summary>What rests, in order of price and arrival: a plain twin that says which order an execution must meet.</summary>
internal sealed class ReplayBook
{
    private readonly SortedDictionary<long, LinkedList<ReplayOrder>> _bids = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<long, LinkedList<ReplayOrder>> _asks = [];
    private readonly Dictionary<long, ReplayOrder> _byId = [];
    private readonly Dictionary<(bool IsBuy, long PriceE4), ReplayOrder> _anonymous = [];

    public IEnumerable<ReplayOrder> Orders => _bids.Values.Concat(_asks.Values).SelectMany(level => level);

    public void Add(long orderId, ReplayOrder order)
    {
        _byId.Add(orderId, order);
        Enqueue(order);
    }

    /// <summary>An order of the seed, which stands for all those that rested at its price before the recording.</summary>
    public void AddAnonymous(ReplayOrder order)
    {
        _anonymous.Add((order.IsBuy, order.PriceE4), order);
        Enqueue(order);
    }

    /// <summary>The order that a message means; null: it is older than the recording and not in the seed.</summary>
    public ReplayOrder? Find(in LobsterMessage message)
    {
        ReplayOrder? order = _byId.GetValueOrDefault(message.OrderId) ?? _anonymous.GetValueOrDefault((message.IsBuy, message.PriceE4));
        return order is { Shares: > 0 } ? order : null;
    }

    /// <summary>Whether an aggressor would meet this order first.</summary>
    public bool IsNext(ReplayOrder order)
    {
        SortedDictionary<long, LinkedList<ReplayOrder>> side = order.IsBuy ? _bids : _asks;
        using SortedDictionary<long, LinkedList<ReplayOrder>>.Enumerator best = side.GetEnumerator();
        return best.MoveNext() && best.Current.Value.First!.Value == order;
    }

    public void Fill(ReplayOrder order, long shares)
    {
        order.Fill(shares);
        RemoveIfGone(order);
    }

    public void Reduce(ReplayOrder order, long shares)
    {
        order.Reduce(shares);
        RemoveIfGone(order);
    }

    private void Enqueue(ReplayOrder order)
    {
        SortedDictionary<long, LinkedList<ReplayOrder>> side = order.IsBuy ? _bids : _asks;
        if (!side.TryGetValue(order.PriceE4, out LinkedList<ReplayOrder>? level))
            side.Add(order.PriceE4, level = []);
        level.AddLast(order);
    }

    private void RemoveIfGone(ReplayOrder order)
    {
        if (order.Shares > 0)
            return;
        SortedDictionary<long, LinkedList<ReplayOrder>> side = order.IsBuy ? _bids : _asks;
        LinkedList<ReplayOrder> level = side[order.PriceE4];
        level.Remove(order);
        if (level.Count == 0)
            side.Remove(order.PriceE4);
    }
}

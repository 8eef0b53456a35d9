using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>Own events of all accounts, and who listens to them: for a host that has them in one place.</summary>
/// <remarks>One thread tells; subscriptions may come from any. Numbers count over all accounts.</remarks>
/// <param name="log">Its start has begun; whoever tells adds to it from here on.</param>
/// <param name="findOrder">An order as it now stands; null: not kept.</param>
public sealed class OwnFeed(OwnEventLog log, Func<uint, ulong, OrderView?> findOrder)
{
    private readonly Lock _gate = new();

    // Guarded by the gate, as is the log.
    private readonly OwnEventIndex _index = new(log);
    private readonly Dictionary<uint, IOwnSubscriber[]> _subscribers = [];

    // The teller's alone: what this input told those who listen.
    private readonly List<(IOwnSubscriber[] To, int At, ulong Number)> _heard = [];
    private readonly List<OwnEvent> _telling = [];

    /// <summary>Takes the events of one input; those that are nobody's own are left aside. The readers must show them already.</summary>
    public void Tell(ReadOnlySpan<FeedEvent> events)
    {
        lock (_gate)
        {
            for (int i = 0; i < events.Length; i++)
            {
                ref readonly FeedEvent e = ref events[i];
                if (!OwnEvent.IsOwn(e.Kind))
                    continue;
                log.Add(in e);
                _index.Add(e.Account, log.Last);
                if (_subscribers.Count != 0 && _subscribers.TryGetValue(e.Account, out IOwnSubscriber[]? to))
                    _heard.Add((to, i, log.Last));
            }
        }

        if (_heard.Count != 0)
            TellHeard(events);
    }

    /// <summary>As <see cref="IExchange.SubscribeAccount"/>.</summary>
    public OwnSubscription Subscribe(uint account, OwnCursor? after, int most, IOwnSubscriber subscriber)
    {
        OwnCursor begin;
        FeedEvent[] missed = [];
        List<ulong> numbers = [];
        lock (_gate)
        {
            begin = after ?? new OwnCursor(log.Count, log.Last);
            if (log.Judge(in begin) is var refusal and not CursorRefusal.None)
                return new OwnSubscription(refusal);
            if (after is not null)
            {
                if (_index.After(account, begin.Number, most) is not { } since)
                    return new OwnSubscription(CursorRefusal.TooOld);
                numbers = since;
                missed = new FeedEvent[numbers.Count];
                for (int i = 0; i < missed.Length; i++)
                    missed[i] = log[numbers[i]];
            }

            _subscribers[account] = _subscribers.TryGetValue(account, out IOwnSubscriber[]? others) ? [.. others, subscriber] : [subscriber];
        }

        var told = new OwnEvent[missed.Length];
        for (int i = 0; i < told.Length; i++)
            told[i] = Show(in missed[i], numbers[i]);
        return new OwnSubscription(begin, told, () => End(account, subscriber));
    }

    private void TellHeard(ReadOnlySpan<FeedEvent> events)
    {
        for (int i = 0; i < _heard.Count; i++)
        {
            (IOwnSubscriber[] to, int at, ulong number) = _heard[i];
            _telling.Add(Show(in events[at], number));
            if (i + 1 < _heard.Count && _heard[i + 1].To == to)
                continue;
            foreach (IOwnSubscriber subscriber in to)
                subscriber.OnOwnEvents(CollectionsMarshal.AsSpan(_telling));
            _telling.Clear();
        }

        _heard.Clear();
    }

    private OwnEvent Show(in FeedEvent e, ulong number)
    {
        OrderView? order = e.Kind is FeedKind.OrderAccepted or FeedKind.OrderUpdated ? findOrder(e.Account, e.Id)?.At(in e) : null;
        return new OwnEvent(e, order, new OwnCursor(log.Count, number));
    }

    private void End(uint account, IOwnSubscriber subscriber)
    {
        lock (_gate)
        {
            IOwnSubscriber[] left = Array.FindAll(_subscribers[account], other => other != subscriber);
            if (left.Length == 0)
                _subscribers.Remove(account);
            else
                _subscribers[account] = left;
        }
    }
}

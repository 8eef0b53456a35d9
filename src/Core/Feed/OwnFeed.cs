using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>Own events of all accounts, and who listens to them: for a host that has them in one place.</summary>
/// <remarks>One thread tells; subscriptions may come from any. Numbers count over all accounts.</remarks>
/// <param name="count">Names the numbers: another one with every start.</param>
/// <param name="kept">Events kept for those who come back.</param>
/// <param name="findOrder">An order as it now stands; null: not kept.</param>
public sealed class OwnFeed(ulong count, int kept, Func<uint, ulong, OrderView?> findOrder)
{
    private readonly Lock _gate = new();

    // Guarded by the gate.
    private readonly OwnEventLog _log = new(kept);
    private readonly Dictionary<uint, IOwnSubscriber[]> _subscribers = [];

    // The teller's alone: what this input told those who listen.
    private readonly List<(IOwnSubscriber[] To, int At, ulong Number)> _heard = [];
    private readonly List<OwnEvent> _telling = [];

    // Guarded by the gate: the counts of earlier starts whose numbers this one goes on with.
    private OwnCount[] _earlier = [];

    /// <summary>What is needed to go on from here after an orderly stop.</summary>
    public OwnHistory Save()
    {
        lock (_gate)
            return new OwnHistory([.. _earlier.TakeLast(OwnHistory.MostCounts - 1), new OwnCount(count, _log.Last)], _log.ToArray());
    }

    /// <summary>Goes on from where an earlier start ended; nothing was told yet.</summary>
    public void Resume(OwnHistory history)
    {
        lock (_gate)
        {
            _earlier = [.. history.Counts];
            _log.Resume(history.Events, _earlier[^1].Last);
        }
    }

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
                _log.Add(in e);
                if (_subscribers.Count != 0 && _subscribers.TryGetValue(e.Account, out IOwnSubscriber[]? to))
                    _heard.Add((to, i, _log.Last));
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
            begin = after ?? new OwnCursor(count, _log.Last);
            if (begin.Count == count && begin.Number > _log.Last)
                return new OwnSubscription(CursorRefusal.Unknown);
            if (begin.Count != count && !IsOfEarlier(begin))
                return new OwnSubscription(CursorRefusal.TooOld);
            if (after is not null)
            {
                if (_log.After(account, begin.Number, most) is not { } since)
                    return new OwnSubscription(CursorRefusal.TooOld);
                numbers = since;
                missed = new FeedEvent[numbers.Count];
                for (int i = 0; i < missed.Length; i++)
                    missed[i] = _log[numbers[i]];
            }

            _subscribers[account] = _subscribers.TryGetValue(account, out IOwnSubscriber[]? others) ? [.. others, subscriber] : [subscriber];
        }

        var told = new OwnEvent[missed.Length];
        for (int i = 0; i < told.Length; i++)
            told[i] = Show(in missed[i], numbers[i]);
        return new OwnSubscription(begin, told, () => End(account, subscriber));
    }

    /// <summary>Only as far as that start came: a copy of the venue may have gone on with other events under the same count.</summary>
    private bool IsOfEarlier(OwnCursor cursor) => Array.Exists(_earlier, earlier => earlier.Count == cursor.Count && cursor.Number <= earlier.Last);

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
        return new OwnEvent(e, order, new OwnCursor(count, number));
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

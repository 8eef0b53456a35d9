using System.Runtime.InteropServices;

namespace Exchange.Core.Feed;

/// <summary>Finds what an account missed without looking at others' events: each event knows the one of its account before it.</summary>
internal sealed class OwnEventIndex
{
    private readonly OwnEventLog _log;
    private readonly Dictionary<uint, ulong> _newest = [];
    private readonly ulong[] _previous;

    /// <summary>What an account missed from before is not known.</summary>
    private readonly ulong _knownAfter;

    /// <param name="log">Its events up to now are indexed.</param>
    public OwnEventIndex(OwnEventLog log)
    {
        _log = log;
        _previous = new ulong[log.Most];
        _knownAfter = log.Oldest - 1;
        for (ulong number = log.Oldest; number <= log.Last; number++)
            Add(log[number].Account, number);
    }

    /// <summary>The log's newest event is an account's.</summary>
    public void Add(uint account, ulong number)
    {
        ref ulong newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, account, out _);
        Previous(number) = newest;
        newest = number;
    }

    /// <summary>Numbers of an account's events after one, oldest first; null: some are forgotten, or they are more than <paramref name="limit"/>.</summary>
    public List<ulong>? After(uint account, ulong number, int limit)
    {
        if (number < _knownAfter)
            return null;
        var missed = new List<ulong>();
        _newest.TryGetValue(account, out ulong at);
        while (at > number)
        {
            if (at < _log.Oldest || missed.Count == limit)
                return null;
            missed.Add(at);
            at = Previous(at);
        }

        missed.Reverse();
        return missed;
    }

    private ref ulong Previous(ulong number) => ref _previous[(int)(number % (ulong)_previous.Length)];
}

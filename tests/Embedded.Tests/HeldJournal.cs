using Exchange.Core.Journaling;

namespace Exchange.Embedded.Tests;

/// <summary>A journal in memory whose syncs wait until the test lets them happen.</summary>
internal sealed class HeldJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _changed = new(false);
    private readonly List<(ushort Kind, byte[] Payload)> _records = [];
    private JournalHealth _health;
    private bool _holds;

    public ulong AppendedSequence { get; private set; }

    public ulong DurableSequence { get; private set; }

    public int MaxPayloadBytes => 1 << 20;

    public JournalHealth Health
    {
        get => _health;
        set
        {
            lock (_gate)
                _health = value;
            _changed.Set();
        }
    }

    public IReadOnlyList<(ushort Kind, byte[] Payload)> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>From now on appended records stay undurable.</summary>
    public void Hold()
    {
        lock (_gate)
            _holds = true;
    }

    /// <summary>Syncs everything, now and from now on.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _holds = false;
            DurableSequence = AppendedSequence;
        }

        _changed.Set();
    }

    public bool TryAppend(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_health == JournalHealth.Failed)
                return false;
            Assert.Equal(AppendedSequence + 1, sequence);
            AppendedSequence = sequence;
            _records.Add((kind, payload.ToArray()));
            if (!_holds)
                DurableSequence = sequence;
        }

        _changed.Set();
        return true;
    }

    public bool TryQueue(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload) =>
        TryAppend(sequence, timeMs, kind, payload);

    public void Wake() => _changed.Set();

    public bool WaitDurable(ulong sequence, int timeoutMs = -1)
    {
        while (true)
        {
            lock (_gate)
            {
                if (DurableSequence >= sequence)
                    return true;
                if (_health == JournalHealth.Failed)
                    return false;
                _changed.Reset();
            }

            if (!_changed.Wait(timeoutMs))
                return false;
        }
    }
}

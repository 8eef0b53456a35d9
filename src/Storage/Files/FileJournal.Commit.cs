using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <content>The writer's and the preparer's work.</content>
public sealed partial class FileJournal
{
    /// <summary>Writes one batch of all that has queued.</summary>
    /// <returns>False if nothing had, or the journal has failed.</returns>
    internal bool CommitQueued()
    {
        try
        {
            if (Failure is not null)
            {
                TellFailure();
                return false;
            }

            _batch.Clear();
            if (!_commit.TryBegin(_batch))
                return false;
            ulong segmentId = _writer.SegmentId;
            _writer.Write(_batch, BatchKind.Records);
            _commit.Complete();
            _durable.Ring();
            _listener?.OnDurable(_commit.DurableSequence);
            if (_writer.SegmentId != segmentId)
                _prepare.Release();
            return true;
        }
        // Whatever it is, what was in flight is now in an unknown state.
        catch (Exception cause)
        {
            Fail(cause);
            TellFailure();
            return false;
        }
    }

    /// <summary>Brings the reserve of segments up to its size, as far as there is space.</summary>
    internal void Replenish()
    {
        if (Failure is not null)
            return;
        try
        {
            _preparer.Replenish(_options.PreparedSegments);
        }
        catch (Exception cause)
        {
            Fail(cause);
            _preparer.Stop();
            _work.Ring();
        }
    }

    /// <summary>Waits until the reserve of segments is whole, or cannot be made so.</summary>
    public void WaitPrepared() => _preparer.WaitReady(_options.PreparedSegments);

    /// <summary>Takes over the blank segments, cuts the tail, and makes all that was recovered durable.</summary>
    private void Start(in JournalTail tail)
    {
        JournalHeadState head = _folder.Head.State;
        ulong firstReady = tail.SegmentId == 0 ? head.FirstSegment : tail.SegmentId + 1;
        for (ulong id = firstReady; id <= head.PreparedThrough; id++)
            _preparer.Add(id);
        _writer.Continue(tail, Recovery.LastSequence);
        // On a full disk this may leave no segment at all: the state is recovered even so, and appending fails.
        if (_preparer.ReadyCount == 0)
            _preparer.Replenish(1);
        if (_preparer.ReadyCount > 0 || _writer.HasRoomFor(_batch))
            _writer.Write(_batch, BatchKind.Opening);
        else
            _writer.Sync();
        _folder.Head.SetDurableThrough(Recovery.LastSequence);
    }

    private void Write()
    {
        while (true)
        {
            if (CommitQueued())
                continue;
            if (_stopping || Failure is not null)
            {
                TellFailure();
                return;
            }

            _work.Prepare();
            if (_commit.HasQueued || _stopping || Failure is not null)
                _work.Cancel();
            else
                _work.Wait(Timeout.Infinite);
        }
    }

    private void Prepare()
    {
        while (!_preparer.IsStopped && Failure is null)
        {
            Replenish();
            _prepare.Wait(_options.WatchIntervalMs);
        }
    }

    private void Fail(Exception cause) => Interlocked.CompareExchange(ref _failure, cause, null);

    private void TellFailure()
    {
        if (Failure is not { } cause || _failureTold)
            return;
        _failureTold = true;
        _commit.Fail();
        _preparer.Stop();
        _durable.Ring();
        _listener?.OnFailed(cause);
    }

    private void Close()
    {
        if (!_options.OwnThreads)
        {
            while (CommitQueued())
            {
            }
        }

        if (Failure is not null)
            return;
        try
        {
            _batch.Clear();
            if (_writer.HasRoomFor(_batch))
                _writer.Write(_batch, BatchKind.Closing);
            _folder.Head.SetDurableThrough(DurableSequence);
        }
        catch (StorageException cause)
        {
            Fail(cause);
        }
    }
}

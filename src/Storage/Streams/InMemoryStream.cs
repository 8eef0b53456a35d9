namespace Exchange.Storage.Streams;

/// <summary>One stream of <see cref="InMemoryStreamStore"/>; entered under its lock.</summary>
internal sealed class InMemoryStream(StreamId id)
{
    private readonly List<StreamRecord> _journal = [];
    private readonly List<StreamRecord> _log = [];
    private ulong _epoch;
    private ulong _lastSequence;

    public StreamState? State { get; private set; }

    private ulong LastLogNumber => (ulong)_log.Count;

    public OpenedStream Open() => new(++_epoch, _lastSequence, LastLogNumber, State);

    public ulong Append(ulong epoch, ulong after, RecordBatch records)
    {
        Require(epoch, after == _lastSequence, $"its journal ends at {_lastSequence}, not {after}");
        AddTo(_journal, _lastSequence, records);
        return _lastSequence += (ulong)records.Count;
    }

    public bool WriteState(ulong epoch, StateWrite write)
    {
        Require(epoch, State is not { } state || write.State.Number > state.Number, $"its state is of {State?.Number}, not below {write.State.Number}");
        Require(epoch, !write.HasLog || write.LogAfter == LastLogNumber, $"its log ends at {LastLogNumber}, not {write.LogAfter}");
        State = new StreamState(write.State.Number, write.State.Bytes.ToArray());
        if (write.HasLog)
            AddTo(_log, LastLogNumber, write.Log!);
        return true;
    }

    public bool Trim(ulong epoch, ulong through)
    {
        Require(epoch, through <= (State?.Number ?? 0), $"its state does not cover {through}");
        _journal.RemoveAll(record => record.Number <= through);
        return true;
    }

    public IReadOnlyList<StreamRecord> Read(ulong after)
    {
        ulong first = _journal.Count > 0 ? _journal[0].Number : _lastSequence + 1;
        return after + 1 >= first
            ? _journal.FindAll(record => record.Number > after)
            : throw new StreamDamagedException(id, after + 1, $"its journal begins at {first}");
    }

    public IReadOnlyList<StreamRecord> ReadLog(ulong after) => _log.FindAll(row => row.Number > after);

    public IReadOnlyList<StreamRecord> ReadLogBackwards(ulong before, int count) =>
        [.. _log.AsEnumerable().Reverse().SkipWhile(row => row.Number >= before).Take(count)];

    private void Require(ulong epoch, bool isExpected, string detail)
    {
        if (epoch != _epoch)
            throw new StaleEpochException(id, epoch, $"it is open in epoch {_epoch}");
        if (!isExpected)
            throw new StaleEpochException(id, epoch, detail);
    }

    private static void AddTo(List<StreamRecord> rows, ulong last, RecordBatch records)
    {
        ReadOnlyMemory<byte> framed = records.Framed.ToArray();
        while (RecordBatch.TryTake(ref framed, out ReadOnlyMemory<byte> record))
            rows.Add(new StreamRecord(++last, record));
    }
}

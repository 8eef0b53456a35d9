namespace Exchange.Storage.Streams;

/// <summary>A machine's whole state, as of one number.</summary>
/// <param name="Number">Counts up from write to write. Of a journaled machine: the last record that the state has taken.</param>
public readonly record struct StreamState(ulong Number, ReadOnlyMemory<byte> Bytes);

/// <summary>A whole state and what is logged with it, written as one: both or neither.</summary>
/// <param name="State">Its number is above that of the state before.</param>
/// <param name="LogAfter">The last row logged before these; says nothing where none are.</param>
/// <param name="Log">Rows LogAfter + 1, + 2 …; null: none.</param>
public readonly record struct StateWrite(StreamState State, ulong LogAfter = 0, RecordBatch? Log = null)
{
    public bool HasLog => Log is { Count: > 0 };

    public ulong LastLogNumber => HasLog ? LogAfter + (ulong)Log!.Count : LogAfter;
}

/// <summary>What an activation begins with: its epoch, and all that was written under the ones before.</summary>
/// <param name="Epoch">Nobody had it before, and whoever has a lower one can write no more.</param>
/// <param name="LastSequence">Of the journal; 0 if it never had a record.</param>
/// <param name="LastLogNumber">Of the log; 0 if it never had a row.</param>
/// <param name="State">The newest; null if none was ever written.</param>
public sealed record OpenedStream(ulong Epoch, ulong LastSequence, ulong LastLogNumber, StreamState? State);

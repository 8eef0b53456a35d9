using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>One row of journal or log: records that were written together.</summary>
internal readonly record struct StoredBatch(ulong First, ulong Last, ReadOnlyMemory<byte> Records)
{
    public const string JournalColumns = "first_sequence, last_sequence, epoch, checksum, records";
    public const string LogColumns = "first_number, last_number, epoch, checksum, records";

    /// <exception cref="StreamDamagedException">It is not what was written there.</exception>
    public static StoredBatch Read(StreamId stream, NpgsqlDataReader row, Func<StreamId, ulong, ulong, ReadOnlyMemory<byte>, uint> checksum)
    {
        ulong first = (ulong)row.GetInt64(0);
        ulong epoch = (ulong)row.GetInt64(2);
        byte[] records = row.GetFieldValue<byte[]>(4);
        return checksum(stream, first, epoch, records) == (uint)row.GetInt32(3)
            ? new StoredBatch(first, (ulong)row.GetInt64(1), records)
            : throw new StreamDamagedException(stream, first, "the checksum is wrong");
    }

    /// <summary>Its records in order.</summary>
    public List<StreamRecord> Split(StreamId stream)
    {
        var records = new List<StreamRecord>(checked((int)(Last - First + 1)));
        ReadOnlyMemory<byte> framed = Records;
        for (ulong number = First; RecordBatch.TryTake(ref framed, out ReadOnlyMemory<byte> record); number++)
            records.Add(new StreamRecord(number, record));
        return framed.IsEmpty && First + (ulong)records.Count == Last + 1
            ? records
            : throw new StreamDamagedException(stream, First, $"the row holds {records.Count} records, not those up to {Last}");
    }
}

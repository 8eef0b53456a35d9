using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>How a row of <c>exchange.streams</c> is read.</summary>
internal static class StoredHeads
{
    public const string Columns = "epoch, last_sequence, last_log_number, state_number, state_epoch, state_parts, state_checksum, state";

    /// <param name="row">Holds <see cref="Columns"/> from a column on; they are read in their order.</param>
    public static StoredHead Read(NpgsqlDataReader row, int column)
    {
        ulong epoch = (ulong)row.GetInt64(column++);
        ulong lastSequence = (ulong)row.GetInt64(column++);
        ulong lastLogNumber = (ulong)row.GetInt64(column++);
        if (row.IsDBNull(column))
            return new StoredHead(epoch, lastSequence, lastLogNumber, null);
        var state = new StoredState(
            (ulong)row.GetInt64(column), (ulong)row.GetInt64(column + 1), row.GetInt32(column + 2), (uint)row.GetInt32(column + 3), row.GetFieldValue<byte[]>(column + 4));
        return new StoredHead(epoch, lastSequence, lastLogNumber, state);
    }
}

/// <summary>A stream's row; its state's bytes are elsewhere where it has parts.</summary>
internal sealed record StoredHead(ulong Epoch, ulong LastSequence, ulong LastLogNumber, StoredState? State);

internal readonly record struct StoredState(ulong Number, ulong Epoch, int Parts, uint Checksum, byte[] Row);

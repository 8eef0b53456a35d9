using Exchange.Storage.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres;

/// <summary>States of many streams and what is logged with them, in one statement; each stream's fence decides over both.</summary>
internal sealed class StateLane(WriteQueue<StateRowWrite> queue, PostgresStreamStoreOptions options, DatabaseMetrics metrics)
    : WriteLane<StateRowWrite>("state", queue, options, metrics)
{
    /// <summary>ANY, not =: so the rows can only be looked up for each element, never be gone through (decision 21).</summary>
    internal const string FencedWrites = """
        WITH fenced AS (
            UPDATE exchange.streams s
            SET state_number = a.number, state_epoch = a.epoch, state_parts = a.parts, state_checksum = a.checksum, state = a.state,
                last_log_number = CASE WHEN a.log_last > a.log_after THEN a.log_last ELSE s.last_log_number END
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                AS a(stream, epoch, number, parts, checksum, state, log_after, log_last, log_checksum, log)
            WHERE s.stream = ANY (ARRAY[a.stream]) AND s.epoch = a.epoch
                AND (s.state_number IS NULL OR s.state_number < a.number)
                AND (a.log_last = a.log_after OR s.last_log_number = a.log_after)
            RETURNING a.stream, a.epoch, a.log_after, a.log_last, a.log_checksum, a.log),
        logged AS (
            INSERT INTO exchange.log (stream, first_number, last_number, epoch, checksum, records)
            SELECT stream, log_after + 1, log_last, epoch, log_checksum, log FROM fenced WHERE log_last > log_after)
        SELECT stream FROM fenced
        """;

    private readonly List<long> _streams = [], _epochs = [], _numbers = [], _logAfter = [], _logLast = [];
    private readonly List<int> _parts = [], _checksums = [], _logChecksums = [];
    private readonly List<ReadOnlyMemory<byte>> _states = [], _logs = [];
    private readonly HashSet<long> _accepted = [];

    protected override string Statement => FencedWrites;

    protected override IReadOnlyList<NpgsqlParameter> Columns =>
    [
        WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Bigint),
        WriteConnection.Column(NpgsqlDbType.Integer), WriteConnection.Column(NpgsqlDbType.Integer), WriteConnection.Column(NpgsqlDbType.Bytea),
        WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Integer),
        WriteConnection.Column(NpgsqlDbType.Bytea),
    ];

    protected override void Fill(WriteConnection connection, List<StateRowWrite> writes)
    {
        Clear();
        foreach (StateRowWrite write in writes)
            Add(write);
        object[] columns = [_streams, _epochs, _numbers, _parts, _checksums, _states, _logAfter, _logLast, _logChecksums, _logs];
        for (int i = 0; i < columns.Length; i++)
            connection.Set(i, columns[i]);
    }

    protected override void ReadRow(NpgsqlDataReader row) => _accepted.Add(row.GetInt64(0));

    protected override void Complete(StateRowWrite write) => write.Complete(_accepted.Contains(write.Stream.Value));

    private void Add(StateRowWrite row)
    {
        StateWrite write = row.Write;
        _streams.Add(row.Stream.Value);
        _epochs.Add(checked((long)row.Epoch));
        _numbers.Add(checked((long)write.State.Number));
        _parts.Add(row.Parts);
        _checksums.Add((int)StreamChecks.OfState(row.Stream, write.State.Number, row.Epoch, write.State.Bytes.Span));
        _states.Add(row.Row);
        _logAfter.Add(checked((long)write.LogAfter));
        _logLast.Add(checked((long)write.LastLogNumber));
        _logChecksums.Add((int)StreamChecks.OfLog(row.Stream, write.LogAfter + 1, row.Epoch, row.Log.Span));
        _logs.Add(row.Log);
    }

    private void Clear()
    {
        _streams.Clear();
        _epochs.Clear();
        _numbers.Clear();
        _parts.Clear();
        _checksums.Clear();
        _states.Clear();
        _logAfter.Clear();
        _logLast.Clear();
        _logChecksums.Clear();
        _logs.Clear();
        _accepted.Clear();
    }
}

using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres;

/// <summary>Appends of many streams in one statement: each stream's fence decides on its own row, and a stale one adds nothing.</summary>
internal sealed class AppendLane(WriteQueue<AppendWrite> queue, PostgresStreamStoreOptions options, DatabaseMetrics metrics)
    : WriteLane<AppendWrite>("append", queue, options, metrics)
{
    /// <summary>ANY, not =: so the rows can only be looked up for each element, never be gone through (decision 21).</summary>
    internal const string FencedWrites = """
        WITH fenced AS (
            UPDATE exchange.streams s SET last_sequence = a.last
            FROM unnest($1, $2, $3, $4, $5, $6) AS a(stream, epoch, after, last, checksum, records)
            WHERE s.stream = ANY (ARRAY[a.stream]) AND s.epoch = a.epoch AND s.last_sequence = a.after
            RETURNING a.stream, a.epoch, a.after, a.last, a.checksum, a.records)
        INSERT INTO exchange.journal (stream, first_sequence, last_sequence, epoch, checksum, records)
        SELECT stream, after + 1, last, epoch, checksum, records FROM fenced
        RETURNING stream
        """;

    private readonly List<long> _streams = [], _epochs = [], _after = [], _last = [];
    private readonly List<int> _checksums = [];
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly HashSet<long> _accepted = [];

    protected override string Statement => FencedWrites;

    protected override IReadOnlyList<NpgsqlParameter> Columns =>
    [
        WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Bigint),
        WriteConnection.Column(NpgsqlDbType.Bigint), WriteConnection.Column(NpgsqlDbType.Integer), WriteConnection.Column(NpgsqlDbType.Bytea),
    ];

    protected override void Fill(WriteConnection connection, List<AppendWrite> writes)
    {
        Clear();
        foreach (AppendWrite write in writes)
        {
            _streams.Add(write.Stream.Value);
            _epochs.Add(checked((long)write.Epoch));
            _after.Add(checked((long)write.After));
            _last.Add(checked((long)write.Last));
            _checksums.Add((int)StreamChecks.OfJournal(write.Stream, write.After + 1, write.Epoch, write.Records.Span));
            _records.Add(write.Records);
        }

        connection.Set(0, _streams);
        connection.Set(1, _epochs);
        connection.Set(2, _after);
        connection.Set(3, _last);
        connection.Set(4, _checksums);
        connection.Set(5, _records);
    }

    protected override void ReadRow(NpgsqlDataReader row) => _accepted.Add(row.GetInt64(0));

    protected override void Complete(AppendWrite write) => write.Complete(_accepted.Contains(write.Stream.Value));

    private void Clear()
    {
        _streams.Clear();
        _epochs.Clear();
        _after.Clear();
        _last.Clear();
        _checksums.Clear();
        _records.Clear();
        _accepted.Clear();
    }
}

using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres;

/// <summary>Openings of many streams in one statement: after a fail-over thousands come at once.</summary>
/// <remarks>Its row's lock makes an opening wait for a write of the epoch before that is still under way, and then see it.</remarks>
internal sealed class OpenLane(WriteQueue<OpenWrite> queue, PostgresStreamStoreOptions options, DatabaseMetrics metrics)
    : WriteLane<OpenWrite>("open", queue, options, metrics)
{
    private readonly List<long> _streams = [];
    private readonly Dictionary<long, StoredHead> _heads = [];

    /// <summary>An epoch that nobody got is skipped; that is all.</summary>
    protected override bool IsRepeatable => true;

    protected override string Statement => """
        INSERT INTO exchange.streams AS s (stream, epoch) SELECT stream, 1 FROM unnest($1) AS a(stream)
        ON CONFLICT (stream) DO UPDATE SET epoch = s.epoch + 1
        RETURNING stream,
        """ + " " + StoredHeads.Columns;

    protected override IReadOnlyList<NpgsqlParameter> Columns => [WriteConnection.Column(NpgsqlDbType.Bigint)];

    protected override void Fill(WriteConnection connection, List<OpenWrite> writes)
    {
        _streams.Clear();
        _heads.Clear();
        foreach (OpenWrite write in writes)
            _streams.Add(write.Stream.Value);
        connection.Set(0, _streams);
    }

    protected override void ReadRow(NpgsqlDataReader row)
    {
        long stream = row.GetInt64(0);
        _heads[stream] = StoredHeads.Read(row, 1);
    }

    protected override void Complete(OpenWrite write) => write.Complete(_heads[write.Stream.Value]);
}

using System.Diagnostics;
using Exchange.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Cli.Benchmarks.Postgres;

/// <summary>What PostgreSQL gives at best: one connection, one prepared statement that inserts rows like the journal's, committed each time.</summary>
internal sealed class RawInserts : IDisposable
{
    private const string CreateTable = """
        DROP TABLE IF EXISTS bench_raw;
        CREATE TABLE bench_raw (stream bigint, first_sequence bigint NOT NULL, last_sequence bigint, epoch bigint NOT NULL,
            written_at timestamptz NOT NULL DEFAULT now(), checksum integer NOT NULL, records bytea NOT NULL, PRIMARY KEY (stream, last_sequence))
            WITH (toast_tuple_target = 8160);
        ALTER TABLE bench_raw ALTER COLUMN records SET STORAGE EXTERNAL
        """;

    private const string Insert = """
        INSERT INTO bench_raw (stream, first_sequence, last_sequence, epoch, checksum, records)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) RETURNING stream
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;

    public RawInserts(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = ConnectionSettings.Read(connectionString);
        settings.Pooling = false;
        settings.WriteBufferSize = 64 * 1_024;
        _connection = new NpgsqlConnection(settings.ConnectionString);
        _connection.Open();
        using (var create = new NpgsqlCommand(CreateTable, _connection))
            create.ExecuteNonQuery();
        _command = new NpgsqlCommand(Insert, _connection);
        foreach (NpgsqlDbType type in (NpgsqlDbType[])[NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Bytea])
            _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        _command.Prepare();
    }

    /// <param name="streams">Rows in a statement.</param>
    /// <param name="records">Of each row.</param>
    /// <param name="firstSequence">Above those of the run before.</param>
    /// <param name="runMs">How long it goes on.</param>
    public (double WritesPerSecond, LatencyHistogram Latencies) Run(int streams, ReadOnlyMemory<byte> records, long firstSequence, int runMs)
    {
        var latencies = new LatencyHistogram();
        List<long> ids = [.. Enumerable.Range(0, streams).Select(i => (long)i)];
        List<long> epochs = [.. ids.Select(_ => 1L)];
        List<int> checksums = [.. ids.Select(_ => 1)];
        List<ReadOnlyMemory<byte>> bytes = [.. ids.Select(_ => records)];
        long began = Stopwatch.GetTimestamp();
        long now = began;
        for (long sequence = firstSequence; (now - began) * 1_000 < runMs * Stopwatch.Frequency; sequence++)
        {
            List<long> sequences = [.. ids.Select(_ => sequence)];
            object[] columns = [ids, sequences, sequences, epochs, checksums, bytes];
            for (int i = 0; i < columns.Length; i++)
                _command.Parameters[i].Value = columns[i];
            using (NpgsqlDataReader reader = _command.ExecuteReader())
                while (reader.Read())
                {
                }

            long then = now;
            now = Stopwatch.GetTimestamp();
            latencies.Add(now - then);
        }

        return (latencies.Count * streams / Stopwatch.GetElapsedTime(began, now).TotalSeconds, latencies);
    }

    public void Dispose()
    {
        _command.Dispose();
        _connection.Dispose();
    }
}

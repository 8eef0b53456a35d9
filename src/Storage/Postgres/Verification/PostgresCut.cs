using System.Data;
using System.Runtime.CompilerServices;
using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres.Verification;

/// <summary>All streams as of one moment, whoever writes meanwhile: one transaction that only reads.</summary>
/// <remarks>While it is open the database keeps what was replaced, and no partition of the journal is dropped. One query at a time.</remarks>
internal sealed class PostgresCut : IAsyncDisposable
{
    private const int PageStreams = 256;
    private const string PageAfter = "SELECT stream, " + StoredHeads.Columns + " FROM exchange.streams WHERE stream > $1 AND stream < $2 ORDER BY stream LIMIT $3";
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly PostgresStreamReader _reader;

    private PostgresCut(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
        _reader = new PostgresStreamReader((statement, arguments, cancellation) => RowReader.Query(_connection, statement, arguments, cancellation));
    }

    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<PostgresCut> Open(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(ConnectionSettings.Read(connectionString).ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await using var command = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return new PostgresCut(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every stream of a kind with its state, by key; others may be read in between.</summary>
    public async IAsyncEnumerable<StoredStream> Streams(byte kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long after = new StreamId(kind, 0).Value - 1;
        long end = new StreamId((byte)(kind + 1), 0).Value;
        while (await Page(after, end, cancellation) is { Count: > 0 } page)
        {
            foreach ((StreamId id, StoredHead head) in page)
            {
                byte[]? bytes = head.State is { } state
                    ? await _reader.Bytes(id, state, cancellation)
                        ?? throw new StreamDamagedException(id, state.Number, "parts of the state are missing or not what was written")
                    : null;
                yield return new StoredStream(id, head.Epoch, bytes);
            }

            after = page[^1].Id.Value;
        }
    }

    public IAsyncEnumerable<StreamRecord> Journal(StreamId stream, ulong after, CancellationToken cancellation) => _reader.Journal(stream, after, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<List<(StreamId Id, StoredHead Head)>> Page(long after, long end, CancellationToken cancellation)
    {
        var page = new List<(StreamId, StoredHead)>();
        await using RowReader rows = await RowReader.Query(_connection, PageAfter, [after, end, PageStreams], cancellation);
        while (await rows.Next())
            page.Add((StreamId.FromValue(rows.Row.GetInt64(0)), StoredHeads.Read(rows.Row, 1)));
        return page;
    }
}

/// <param name="Epoch">Of the activation that may write.</param>
/// <param name="State">Null: none was ever written.</param>
internal sealed record StoredStream(StreamId Id, ulong Epoch, byte[]? State);

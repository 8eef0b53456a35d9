using System.Text;
using Exchange.Edge.Audit;
using Exchange.Silo.Keys;
using Npgsql;

namespace Exchange.Silo.Audit;

/// <summary>The audit log of a cluster: one chain in PostgreSQL, whichever edge was asked.</summary>
/// <remarks>Lines wait for each other under a lock of the database: what is recorded is rare, and its order is part of the record.</remarks>
internal sealed partial class PostgresAuditLog(NpgsqlDataSource database, TimeProvider time, ILogger<PostgresAuditLog> logger) : IAuditLog
{
    private const string Lock = "SELECT pg_advisory_xact_lock(7011990402)";
    private const string Newest = "SELECT number, line FROM exchange.audit ORDER BY number DESC LIMIT 1";
    private const string TakesWrites = "SELECT current_setting('transaction_read_only') = 'off'";

    private long _lastTimeMs;

    public long LastTimeMs => Volatile.Read(ref _lastTimeMs);

    public async ValueTask<bool> IsWritable()
    {
        try
        {
            await using NpgsqlConnection connection = await database.OpenConnectionAsync();
            await using NpgsqlCommand command = KeyDatabase.Statement(connection, TakesWrites);
            return (bool)(await command.ExecuteScalarAsync())!;
        }
        catch (Exception fault) when (KeyDatabase.IsFault(fault))
        {
            LogUnwritable(logger, fault);
            return false;
        }
    }

    public async ValueTask Record(AuditEntry entry)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            await using NpgsqlConnection connection = await database.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (NpgsqlCommand wait = KeyDatabase.Statement(connection, Lock))
                await wait.ExecuteNonQueryAsync();
            (long number, string hash) = await End(connection);
            string line = Encoding.ASCII.GetString(AuditLine.Of(entry, nowMs, hash).Text.Span);
            await using (NpgsqlCommand add = KeyDatabase.Statement(connection, "INSERT INTO exchange.audit (number, line) VALUES ($1, $2)", number + 1, line))
                await add.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        catch (Exception fault) when (KeyDatabase.IsFault(fault))
        {
            throw new IOException("An audit line could not be written, or nobody knows.", fault);
        }

        Volatile.Write(ref _lastTimeMs, nowMs);
    }

    /// <summary>Number and hash of the newest line.</summary>
    private static async Task<(long Number, string Hash)> End(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = KeyDatabase.Statement(connection, Newest);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetInt64(0), AuditLine.HashOf(Encoding.UTF8.GetBytes(row.GetString(1)))) : (0, AuditLine.NoHash);
    }

    [LoggerMessage(1, LogLevel.Error, "The audit log takes no lines, so nothing that has to be recorded is done.")]
    private static partial void LogUnwritable(ILogger logger, Exception fault);
}

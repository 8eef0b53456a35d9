using Exchange.Edge.Authentication;
using Npgsql;

namespace Exchange.Silo.Keys;

/// <content>Follows what other edges change.</content>
internal sealed partial class PostgresKeyStore
{
    /// <summary>Where a message is lost, the change is seen this much later.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private bool _isReachable = true;

    private async Task Follow(CancellationToken stop)
    {
        using var again = new PeriodicTimer(Poll);
        try
        {
            do
                await FollowUntilItFails(stop);
            while (await again.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The edge ends.
        }
    }

    private async Task FollowUntilItFails(CancellationToken stop)
    {
        try
        {
            await using NpgsqlConnection connection = await _database.OpenConnectionAsync(stop);
            await KeyDatabase.Statement(connection, $"LISTEN {Channel}").ExecuteNonQueryAsync(stop);
            while (true)
            {
                await ReadChanges(stop);
                if (!_isReachable)
                    LogReachable(_logger);
                _isReachable = true;
                await connection.WaitAsync(Poll, stop);
            }
        }
        catch (Exception fault) when (KeyDatabase.IsFault(fault))
        {
            if (_isReachable)
                LogUnreachable(_logger, fault);
            _isReachable = false;
        }
    }

    /// <summary>After a rotation of the master key the older one can be thrown away: nothing is locked by it any more. Ended tokens go, too.</summary>
    private async Task Tidy(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // Waits for changes under way, and they for this; the number stays, since what the edges know is the same as before.
        await KeyDatabase.Statement(connection, "SELECT FROM exchange.key_changes FOR UPDATE").ExecuteNonQueryAsync(cancellation);
        await KeyRows.RemoveEndedTokens(connection, NowMs());
        List<KeyRow> older = [];
        await foreach (KeyRow row in KeyRows.KeysAfter(connection, 0, cancellation))
        {
            if (!row.IsRevoked && _vault.CanOpen(row.MasterVersion) && row.MasterVersion < _vault.Newest)
                older.Add(row);
        }

        foreach (KeyRow row in older)
        {
            var key = new ApiKey(row.KeyId, row.Terms, _vault.Decrypt(row.MasterVersion, row.KeyId, row.Secret), row.CreatedMs);
            await KeyRows.Replace(connection, _vault.Seal(key));
        }

        await transaction.CommitAsync(cancellation);
    }

    [LoggerMessage(2, LogLevel.Error, "The database of keys cannot be reached: keys that are known go on, changes are not seen.")]
    private static partial void LogUnreachable(ILogger logger, Exception fault);

    [LoggerMessage(3, LogLevel.Information, "The database of keys is reached again.")]
    private static partial void LogReachable(ILogger logger);
}

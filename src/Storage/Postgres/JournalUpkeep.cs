using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>Makes partitions ahead of time, drops what is trimmed, and deletes parts of states that were replaced.</summary>
internal sealed class JournalUpkeep(NpgsqlDataSource database)
{
    public const string AddPartitions = "SELECT exchange.add_partitions()";

    private const string DropTrimmed = "SELECT exchange.drop_trimmed_partition()";

    /// <summary>Parts that are being written have a higher number than the state that is there.</summary>
    private const string DeleteReplacedParts = """
        DELETE FROM exchange.state_parts p USING exchange.streams s
        WHERE p.stream = s.stream AND (p.number, p.epoch) < (s.state_number, s.state_epoch)
        """;

    private const string TryLock = "SELECT pg_try_advisory_lock(7011990402)";
    private const string Unlock = "SELECT pg_advisory_unlock(7011990402)";

    /// <summary>One round; none if another silo is at it.</summary>
    /// <returns>How many partitions were dropped.</returns>
    public async Task<int> Run(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        if (!(bool)(await Scalar(connection, TryLock, cancellation))!)
            return 0;
        try
        {
            await Scalar(connection, AddPartitions, cancellation);
            await Scalar(connection, DeleteReplacedParts, cancellation);
            int dropped = 0;
            while (await Scalar(connection, DropTrimmed, cancellation) is string)
                dropped++;
            return dropped;
        }
        finally
        {
            await Scalar(connection, Unlock, CancellationToken.None);
        }
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }
}

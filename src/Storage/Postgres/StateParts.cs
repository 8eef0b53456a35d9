using Exchange.Storage.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres;

/// <summary>Writes a large state part by part, ahead of the row that makes it the state: no write of others waits for its bytes.</summary>
internal sealed class StateParts(NpgsqlDataSource database)
{
    /// <summary>States above this lie in parts.</summary>
    public const int MaxRowBytes = 256 * 1_024;

    private const int PartBytes = 1 << 20;

    private const string Upload = """
        INSERT INTO exchange.state_parts (stream, number, epoch, part, body) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (stream, number, epoch, part) DO UPDATE SET body = excluded.body
        """;

    /// <returns>How many parts there are.</returns>
    /// <exception cref="StoreUnavailableException">They are not all there; nothing refers to those that are.</exception>
    public async ValueTask<int> Write(StreamId stream, ulong epoch, StreamState state)
    {
        try
        {
            await using NpgsqlConnection connection = await database.OpenConnectionAsync();
            int part = 0;
            for (int at = 0; at < state.Bytes.Length; at += PartBytes)
            {
                await using var command = new NpgsqlCommand(Upload, connection);
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = stream.Value });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checked((long)state.Number) });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checked((long)epoch) });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = part++ });
                command.Parameters.Add(new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.Bytea,
                    Value = state.Bytes.Slice(at, Math.Min(PartBytes, state.Bytes.Length - at)),
                });
                await command.ExecuteNonQueryAsync();
            }

            return part;
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }
}

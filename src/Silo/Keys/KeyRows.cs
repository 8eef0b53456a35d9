using System.Runtime.CompilerServices;
using Exchange.Edge.Authentication;
using Npgsql;

namespace Exchange.Silo.Keys;

/// <summary>A row of <c>exchange.keys</c>.</summary>
/// <param name="Secret">Locked by the master key of that version; empty once revoked.</param>
internal sealed record KeyRow(string KeyId, KeyTerms Terms, long CreatedMs, int MasterVersion, string Secret, bool IsRevoked);

/// <summary>The statements on keys and tokens.</summary>
internal static class KeyRows
{
    private const string Columns = "key_id, account, permissions, addresses, created_ms, expires_ms, made_by, master_key, secret, revoked_ms IS NOT NULL";

    public static async Task<long> LastChange(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = KeyDatabase.Statement(connection, "SELECT last_change FROM exchange.key_changes");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Keys made or revoked by a later change, in the order of their changes.</summary>
    public static async IAsyncEnumerable<KeyRow> KeysAfter(
        NpgsqlConnection connection, long change, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Whoever starts has no use for what was revoked before.
        await using NpgsqlCommand command = KeyDatabase.Statement(
            connection, $"SELECT {Columns} FROM exchange.keys WHERE change > $1 AND ($1 > 0 OR revoked_ms IS NULL) ORDER BY change", change);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var terms = new KeyTerms((uint)row.GetInt64(1), (Permissions)row.GetInt32(2))
            {
                Addresses = AddressList.Parse(row.GetFieldValue<string[]>(3)) ?? throw new InvalidDataException($"An address of key {row.GetString(0)} is malformed."),
                ExpiresMs = row.GetInt64(5),
                MadeBy = row.IsDBNull(6) ? null : row.GetString(6),
            };
            yield return new KeyRow(row.GetString(0), terms, row.GetInt64(4), row.GetInt32(7), row.GetString(8), row.GetBoolean(9));
        }
    }

    public static async IAsyncEnumerable<(TokenHash Hash, TokenGrant Grant)> TokensAfter(
        NpgsqlConnection connection, long change, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using NpgsqlCommand command = KeyDatabase.Statement(
            connection, "SELECT sha256, key_id, account, permissions, expires_ms FROM exchange.tokens WHERE change > $1 ORDER BY change", change);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return (TokenHash.From(row.GetFieldValue<byte[]>(0)),
                new TokenGrant(row.GetString(1), (uint)row.GetInt64(2), (Permissions)row.GetInt32(3), row.GetInt64(4)));
        }
    }

    public static Task Add(NpgsqlConnection connection, StoredKey stored, long change) => Execute(connection,
        """
        INSERT INTO exchange.keys (key_id, account, permissions, addresses, created_ms, expires_ms, made_by, master_key, secret, change)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        stored.Key.KeyId, (long)stored.Key.Account, (int)stored.Key.Permissions, stored.Key.Terms.Addresses.Texts.ToArray(), stored.Key.CreatedMs,
        stored.Key.Terms.ExpiresMs, (object?)stored.Key.Terms.MadeBy ?? DBNull.Value, stored.MasterVersion, stored.Sealed, change);

    /// <summary>The same secret, locked by another master key.</summary>
    public static Task Replace(NpgsqlConnection connection, StoredKey stored) => Execute(connection,
        "UPDATE exchange.keys SET master_key = $2, secret = $3 WHERE key_id = $1", stored.Key.KeyId, stored.MasterVersion, stored.Sealed);

    public static Task Revoke(NpgsqlConnection connection, string keyId, long nowMs, long change) => Execute(connection,
        """
        WITH ended AS (DELETE FROM exchange.tokens WHERE key_id = $1)
        UPDATE exchange.keys SET revoked_ms = $2, secret = '', change = $3 WHERE key_id = $1
        """,
        keyId, nowMs, change);

    /// <summary>Permissions of a key that lives; null: there is none.</summary>
    public static async Task<Permissions?> Find(NpgsqlConnection connection, string keyId) =>
        await Scalar(connection, "SELECT permissions FROM exchange.keys WHERE key_id = $1 AND revoked_ms IS NULL", keyId) is int permissions
            ? (Permissions)permissions
            : null;

    public static async Task<bool> HasOtherAdministrator(NpgsqlConnection connection, string keyId, long nowMs) => (bool)(await Scalar(connection,
        """
        SELECT EXISTS (
            SELECT FROM exchange.keys
            WHERE key_id <> $1 AND revoked_ms IS NULL AND permissions & $2 <> 0 AND (expires_ms = 0 OR expires_ms > $3))
        """,
        keyId, (int)Permissions.Admin, nowMs))!;

    /// <summary>Whether there has ever been a key.</summary>
    public static async Task<bool> HasAny(NpgsqlConnection connection) => (bool)(await Scalar(connection, "SELECT EXISTS (SELECT FROM exchange.keys)"))!;

    /// <summary>How many keys of an account live.</summary>
    public static async Task<long> KeysOf(NpgsqlConnection connection, uint account) =>
        (long)(await Scalar(connection, "SELECT count(*) FROM exchange.keys WHERE account = $1 AND revoked_ms IS NULL", (long)account))!;

    public static Task AddToken(NpgsqlConnection connection, in TokenHash hash, TokenGrant grant, long change) => Execute(connection,
        "INSERT INTO exchange.tokens (sha256, key_id, account, permissions, expires_ms, change) VALUES ($1, $2, $3, $4, $5, $6)",
        Convert.FromHexString(hash.Hex()), grant.KeyId, (long)grant.Account, (int)grant.Permissions, grant.ExpiresMs, change);

    public static Task RemoveEndedTokens(NpgsqlConnection connection, long nowMs) =>
        Execute(connection, "DELETE FROM exchange.tokens WHERE expires_ms <= $1", nowMs);

    /// <summary>How many tokens of a key live; those that ended are forgotten.</summary>
    public static async Task<long> LiveTokens(NpgsqlConnection connection, string keyId, long nowMs)
    {
        await Execute(connection, "DELETE FROM exchange.tokens WHERE key_id = $1 AND expires_ms <= $2", keyId, nowMs);
        return (long)(await Scalar(connection, "SELECT count(*) FROM exchange.tokens WHERE key_id = $1", keyId))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string statement, params object[] parameters)
    {
        await using NpgsqlCommand command = KeyDatabase.Statement(connection, statement, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string statement, params object[] parameters)
    {
        await using NpgsqlCommand command = KeyDatabase.Statement(connection, statement, parameters);
        return await command.ExecuteScalarAsync();
    }
}

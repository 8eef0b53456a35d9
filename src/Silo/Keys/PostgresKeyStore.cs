using System.Security.Cryptography;
using Exchange.Edge.Authentication;
using Npgsql;

namespace Exchange.Silo.Keys;

/// <summary>Keys and tokens of a cluster, in PostgreSQL: each edge holds all of them in memory and follows the changes of the others.</summary>
/// <remarks>
/// How and why: docs/decisions/0033. A change counts a number up in its transaction; an edge reads whatever has a higher number than it has
/// seen, when it is told and four times a second besides. While the database cannot be reached, what is known goes on.
/// </remarks>
internal sealed partial class PostgresKeyStore : IKeyStore, ITokenStore, IHostedService, IDisposable
{
    private const string Channel = "exchange_keys";
    private const int SweepMs = 60_000;
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(7011990403)";
    private const string CountUp = "UPDATE exchange.key_changes SET last_change = last_change + 1 RETURNING last_change";

    private readonly NpgsqlDataSource _database;
    private readonly SecretVault _vault;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresKeyStore> _logger;
    private readonly KeyView _view = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private long _seenChange;
    private long _sweptMs;

    /// <exception cref="InvalidOperationException">There is no master key.</exception>
    public PostgresKeyStore(
        NpgsqlDataSource database, KeyStoreOptions options, bool isDevelopment, TimeProvider time, ILogger<PostgresKeyStore> logger)
    {
        _database = database;
        _vault = SecretVault.Open(options, isDevelopment);
        _time = time;
        _logger = logger;
    }

    public bool IsEmpty => _view.IsEmpty;

    public ApiKey? Find(string keyId) => _view.Find(keyId);

    public IReadOnlyList<ApiKey> KeysOf(uint account) => _view.KeysOf(account);

    public TokenGrant? FindToken(in TokenHash hash) => _view.Find(hash);

    TokenGrant? ITokenStore.Find(in TokenHash hash) => _view.Find(hash);

    public ValueTask<ApiKey?> Create(KeyTerms terms) => Create(terms, isFirst: false);

    public ValueTask<ApiKey?> CreateFirst(KeyTerms terms) => Create(terms, isFirst: true);

    public ValueTask<RevokeOutcome> Revoke(string keyId) => Change(async (connection, change) =>
    {
        if (await KeyRows.Find(connection, keyId) is not { } permissions)
            return RevokeOutcome.Unknown;
        if ((permissions & Permissions.Admin) != 0 && !await KeyRows.HasOtherAdministrator(connection, keyId, NowMs()))
            return RevokeOutcome.LastAdministrator;
        await KeyRows.Revoke(connection, keyId, NowMs(), change);
        return RevokeOutcome.Revoked;
    });

    public async ValueTask<string> CreateToken(ApiKey key, Permissions permissions, long expiresMs)
    {
        (string text, TokenHash hash) = TokenText.Create();
        await Change(async (connection, change) =>
        {
            await KeyRows.AddToken(connection, hash, new TokenGrant(key.KeyId, key.Account, permissions, expiresMs), change);
            return true;
        });
        return text;
    }

    public ValueTask<string?> Issue(string keyId, uint account, Permissions permissions, long expiresMs)
    {
        (string text, TokenHash hash) = TokenText.Create();
        return Change(async (connection, change) =>
        {
            if (await KeyRows.LiveTokens(connection, keyId, NowMs()) >= ITokenStore.MostPerKey)
                return null;
            await KeyRows.AddToken(connection, hash, new TokenGrant(keyId, account, permissions, expiresMs), change);
            return (string?)text;
        });
    }

    /// <summary>Gone with the key, in the same transaction.</summary>
    public ValueTask EndAllOf(string keyId) => ValueTask.CompletedTask;

    /// <summary>Does what edges may only do one after the other; what those before did to keys is known when it begins.</summary>
    /// <remarks>An edge that is killed meanwhile makes way for the next.</remarks>
    public async Task DoAlone(Func<Task> act, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        NpgsqlCommand turn = KeyDatabase.Statement(connection, TakeTurn);
        turn.CommandTimeout = 0; // As long as the others take.
        await turn.ExecuteNonQueryAsync(cancellation);
        await ReadChanges(cancellation);
        await act();
    }

    /// <exception cref="KeyStoreException">The database does not answer.</exception>
    /// <exception cref="InvalidOperationException">The keys were locked by another master key.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Tidy(cancellationToken);
            await ReadChanges(cancellationToken);
        }
        catch (Exception fault) when (KeyDatabase.IsFault(fault))
        {
            throw new KeyStoreException("The database of keys does not answer.", fault);
        }

        _following = Follow(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _reading.Dispose();
        _vault.Dispose();
    }

    private ValueTask<ApiKey?> Create(KeyTerms terms, bool isFirst)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)terms.Permissions, 0, nameof(terms));
        ApiKey key = ApiKey.New(terms, NowMs());
        return Change(async (connection, change) =>
        {
            bool hasRoom = isFirst
                ? !await KeyRows.HasAny(connection)
                : await KeyRows.KeysOf(connection, terms.Account) < IKeyStore.MostPerAccount;
            if (!hasRoom)
                return null;
            await KeyRows.Add(connection, _vault.Seal(key), change);
            return (ApiKey?)key;
        });
    }

    /// <summary>Makes one change and sees it here before it is answered; the others are told with its commit.</summary>
    private async ValueTask<T> Change<T>(Func<NpgsqlConnection, long, Task<T>> act)
    {
        try
        {
            T result;
            await using (NpgsqlConnection connection = await _database.OpenConnectionAsync(_stopping.Token))
            await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(_stopping.Token))
            {
                long change = (long)(await KeyDatabase.Statement(connection, CountUp).ExecuteScalarAsync(_stopping.Token))!;
                result = await act(connection, change);
                await KeyDatabase.Statement(connection, $"NOTIFY {Channel}").ExecuteNonQueryAsync(_stopping.Token);
                await transaction.CommitAsync(_stopping.Token);
            }

            await ReadChanges(_stopping.Token);
            return result;
        }
        catch (Exception fault) when (KeyDatabase.IsFault(fault) || fault is OperationCanceledException)
        {
            throw new KeyStoreException("The database of keys does not answer.", fault);
        }
    }

    /// <summary>Takes in what has changed. One at a time, so that what is older never comes last.</summary>
    private async Task ReadChanges(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellation);
            // Its number first: all up to there is committed, and so among the rows that are read next.
            long lastChange = await KeyRows.LastChange(connection, cancellation);
            if (lastChange == _seenChange)
                return;
            await foreach (KeyRow row in KeyRows.KeysAfter(connection, _seenChange, cancellation))
                Take(row);
            await foreach ((TokenHash hash, TokenGrant grant) in KeyRows.TokensAfter(connection, _seenChange, cancellation))
                _view.Add(hash, grant);
            RemoveExpiredTokens();
            _seenChange = lastChange;
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Take(KeyRow row)
    {
        if (row.IsRevoked)
        {
            _view.Remove(row.KeyId);
            return;
        }

        try
        {
            _view.Add(new ApiKey(row.KeyId, row.Terms, _vault.Decrypt(row.MasterVersion, row.KeyId, row.Secret), row.CreatedMs));
        }
        catch (CryptographicException fault) when (_seenChange != 0)
        {
            // Made by an edge that has a newer master key; this one gets it with its next start.
            LogNotOpened(_logger, row.KeyId, fault);
        }
        catch (CryptographicException fault)
        {
            throw new InvalidOperationException("The keys in the database were locked by another Keys:MasterKey, or were changed.", fault);
        }
    }

    private void RemoveExpiredTokens()
    {
        long nowMs = NowMs();
        if (nowMs - _sweptMs < SweepMs)
            return;
        _sweptMs = nowMs;
        _view.RemoveExpiredTokens(nowMs);
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(1, LogLevel.Error, "Key {KeyId} cannot be opened with this edge's master keys and is unknown here.")]
    private static partial void LogNotOpened(ILogger logger, string keyId, Exception fault);
}

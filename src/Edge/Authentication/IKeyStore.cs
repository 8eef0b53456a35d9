namespace Exchange.Edge.Authentication;

/// <summary>Keys and long-lived tokens that survive a restart.</summary>
/// <remarks>Look-ups are on the way of every request: they never wait. Changes return once they are durable.</remarks>
public interface IKeyStore
{
    /// <summary>Keys an account may have; those of administration alone, account 0, count as one account's.</summary>
    const int MostPerAccount = 64;

    /// <summary>True as long as no key was ever created: the host may then make its first ones.</summary>
    bool IsEmpty { get; }

    /// <summary>Null: unknown, or revoked.</summary>
    ApiKey? Find(string keyId);

    /// <summary>Keys of an account, oldest first; 0: those that belong to none.</summary>
    IReadOnlyList<ApiKey> KeysOf(uint account);

    /// <summary>A live or expired token by the SHA-256 of its text; null: unknown.</summary>
    TokenGrant? FindToken(in TokenHash hash);

    /// <summary>Makes a key; its secret is in the result and shown never again. Null: the account has as many as it may have.</summary>
    /// <exception cref="KeyStoreException">Whether it was made is unknown; nobody has its secret.</exception>
    ValueTask<ApiKey?> Create(KeyTerms terms);

    /// <summary>Makes the venue's first key; null: there has been one, also where another server makes it at this moment.</summary>
    /// <exception cref="KeyStoreException">As for <see cref="Create"/>.</exception>
    ValueTask<ApiKey?> CreateFirst(KeyTerms terms);

    /// <summary>Ends a key and the tokens made with it.</summary>
    /// <exception cref="KeyStoreException">Whether it was revoked is unknown.</exception>
    ValueTask<RevokeOutcome> Revoke(string keyId);

    /// <summary>Makes a token of a key that is kept, as a hash, over restarts.</summary>
    /// <returns>The token's text, shown never again.</returns>
    /// <exception cref="KeyStoreException">Whether it was made is unknown.</exception>
    ValueTask<string> CreateToken(ApiKey key, Permissions permissions, long expiresMs);
}

/// <summary>Where keys are kept does not answer: whether a change was made is unknown.</summary>
public sealed class KeyStoreException(string message, Exception cause) : IOException(message, cause);

/// <summary>What became of a revocation.</summary>
public enum RevokeOutcome
{
    Revoked = 0,
    Unknown = 1,

    /// <summary>No other key that lives may administer: nobody could make one any more.</summary>
    LastAdministrator = 2,
}

/// <summary>Short forms of the host's own calls.</summary>
public static class KeyStoreExtensions
{
    /// <summary>Makes a key without bounds of address or time, where there is certainly room for one.</summary>
    public static async ValueTask<ApiKey> Create(this IKeyStore keys, uint account, Permissions permissions) =>
        await keys.Create(new KeyTerms(account, permissions)) ?? throw new InvalidOperationException($"Account {account} has {IKeyStore.MostPerAccount} keys.");
}

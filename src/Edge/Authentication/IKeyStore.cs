namespace Exchange.Edge.Authentication;

/// <summary>Keys and long-lived tokens that survive a restart.</summary>
/// <remarks>Look-ups are on the way of every request: they never wait. Creations return once the new entry is durable.</remarks>
public interface IKeyStore
{
    /// <summary>True as long as no key was ever created: the host may then make its first ones.</summary>
    bool IsEmpty { get; }

    /// <summary>Null: unknown.</summary>
    ApiKey? Find(string keyId);

    /// <summary>A live or expired token by the SHA-256 of its text; null: unknown.</summary>
    TokenGrant? FindToken(in TokenHash hash);

    /// <summary>Makes a key; its secret is in the result and shown never again.</summary>
    /// <param name="account">The trading account it belongs to; 0: none (administration only).</param>
    /// <param name="permissions">At least one.</param>
    ApiKey Create(uint account, Permissions permissions);

    /// <summary>Makes a token of a key that is kept, as a hash, over restarts.</summary>
    /// <returns>The token's text, shown never again.</returns>
    string CreateToken(ApiKey key, Permissions permissions, long expiresMs);
}

namespace Exchange.Edge.Authentication;

/// <summary>Short-lived tokens. Behind several edges they share one, so that a token is good at each.</summary>
/// <remarks>Look-ups are on the way of every request: they never wait. Changes return once they count everywhere.</remarks>
public interface ITokenStore
{
    /// <summary>Live tokens a key may have.</summary>
    const int MostPerKey = 64;

    /// <summary>A live or expired token by the SHA-256 of its text; null: unknown.</summary>
    TokenGrant? Find(in TokenHash hash);

    /// <summary>Makes a token; its text is shown never again. Null: the key has as many live tokens as it may have.</summary>
    /// <exception cref="KeyStoreException">Whether it was made is unknown.</exception>
    ValueTask<string?> Issue(string keyId, uint account, Permissions permissions, long expiresMs);

    /// <summary>Forgets the tokens of a key that is no more.</summary>
    ValueTask EndAllOf(string keyId);
}

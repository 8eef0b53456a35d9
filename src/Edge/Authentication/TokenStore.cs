using System.Collections.Concurrent;

namespace Exchange.Edge.Authentication;

/// <summary>The tokens of one server, as hashes, in memory only: a restart ends them all.</summary>
internal sealed class TokenStore(TimeProvider time) : ITokenStore
{
    private readonly ConcurrentDictionary<TokenHash, TokenGrant> _tokens = new();
    private readonly Lock _issuing = new();

    public TokenGrant? Find(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public string? Issue(string keyId, uint account, Permissions permissions, long expiresMs)
    {
        string token = TokenText.Create();
        if (!TokenHash.TryOf(token, out TokenHash hash))
            throw new InvalidOperationException("A token of our own making has no hash.");

        lock (_issuing)
        {
            if (LiveTokensOf(keyId) >= ITokenStore.MostPerKey)
                return null;
            _tokens[hash] = new TokenGrant(keyId, account, permissions, expiresMs);
        }

        return token;
    }

    public void EndAllOf(string keyId)
    {
        foreach ((TokenHash hash, TokenGrant grant) in _tokens)
        {
            if (grant.KeyId == keyId)
                _tokens.TryRemove(hash, out _);
        }
    }

    private int LiveTokensOf(string keyId)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        int live = 0;
        foreach ((TokenHash hash, TokenGrant grant) in _tokens)
        {
            if (grant.ExpiresMs <= nowMs)
                _tokens.TryRemove(hash, out _);
            else if (grant.KeyId == keyId)
                live++;
        }

        return live;
    }
}

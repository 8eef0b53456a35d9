using System.Collections.Concurrent;

namespace Exchange.Edge.Authentication;

/// <summary>The tokens of one server, as hashes, in memory only: a restart ends them all.</summary>
internal sealed class TokenStore(TimeProvider time) : ITokenStore
{
    private readonly ConcurrentDictionary<TokenHash, TokenGrant> _tokens = new();
    private readonly Lock _issuing = new();

    public TokenGrant? Find(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public ValueTask<string?> Issue(string keyId, uint account, Permissions permissions, long expiresMs)
    {
        (string token, TokenHash hash) = TokenText.Create();
        lock (_issuing)
        {
            if (LiveTokensOf(keyId) >= ITokenStore.MostPerKey)
                return new((string?)null);
            _tokens[hash] = new TokenGrant(keyId, account, permissions, expiresMs);
        }

        return new(token);
    }

    public ValueTask EndAllOf(string keyId)
    {
        foreach ((TokenHash hash, TokenGrant grant) in _tokens)
        {
            if (grant.KeyId == keyId)
                _tokens.TryRemove(hash, out _);
        }

        return ValueTask.CompletedTask;
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

using System.Collections.Concurrent;
using Exchange.Edge.Authentication;

namespace Exchange.Silo.Keys;

/// <summary>Keys and tokens as the database had them when it was last read; asked on every request, so it never waits.</summary>
internal sealed class KeyView
{
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TokenHash, TokenGrant> _tokens = new();

    public bool IsEmpty => _keys.IsEmpty;

    public ApiKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    public TokenGrant? Find(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public IReadOnlyList<ApiKey> KeysOf(uint account) =>
        [.. _keys.Values.Where(key => key.Account == account).OrderBy(key => key.CreatedMs).ThenBy(key => key.KeyId, StringComparer.Ordinal)];

    public void Add(ApiKey key) => _keys[key.KeyId] = key;

    public void Add(in TokenHash hash, TokenGrant grant) => _tokens[hash] = grant;

    /// <summary>Forgets a key and the tokens made with it.</summary>
    public void Remove(string keyId)
    {
        if (_keys.TryRemove(keyId, out _))
            RemoveTokens((grant, id) => grant.KeyId == id, keyId);
    }

    public void RemoveExpiredTokens(long nowMs) => RemoveTokens((grant, now) => grant.ExpiresMs <= now, nowMs);

    private void RemoveTokens<T>(Func<TokenGrant, T, bool> isOver, T argument)
    {
        foreach ((TokenHash hash, TokenGrant grant) in _tokens)
        {
            if (isOver(grant, argument))
                _tokens.TryRemove(hash, out _);
        }
    }
}

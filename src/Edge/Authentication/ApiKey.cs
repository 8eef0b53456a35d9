using System.Security.Cryptography;
using System.Text;

namespace Exchange.Edge.Authentication;

/// <summary>A key: who it is, what it may do, and the secret that its HMAC signatures need.</summary>
public sealed class ApiKey
{
    private readonly byte[] _secret;

    /// <param name="keyId">32 hexadecimal digits; public.</param>
    /// <param name="terms">What it was made with.</param>
    /// <param name="secret">64 hexadecimal digits; its ASCII bytes are the HMAC key.</param>
    /// <param name="createdMs">Unix milliseconds.</param>
    public ApiKey(string keyId, KeyTerms terms, string secret, long createdMs)
    {
        KeyId = keyId;
        Terms = terms;
        CreatedMs = createdMs;
        _secret = Encoding.ASCII.GetBytes(secret);
        Hash = new KeyedHash(_secret);
    }

    /// <summary>A key with an id and a secret that nobody has seen.</summary>
    public static ApiKey New(KeyTerms terms, long nowMs) => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), terms, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), nowMs);

    public string KeyId { get; }

    public KeyTerms Terms { get; }

    public uint Account => Terms.Account;

    public Permissions Permissions => Terms.Permissions;

    public long CreatedMs { get; }

    /// <summary>The secret as its owner types it. Never logged, never in a response but that of its creation.</summary>
    public string RevealSecret() => Encoding.ASCII.GetString(_secret);

    /// <summary>Signs with the secret.</summary>
    internal KeyedHash Hash { get; }

    /// <summary>Without the secret, so that a key in a log line gives nothing away.</summary>
    public override string ToString() => $"key {KeyId} of account {Account}";
}

namespace Exchange.Edge.Authentication;

/// <summary>A key with its secret as it is kept.</summary>
/// <param name="Key">The key itself.</param>
/// <param name="MasterVersion">Version of the master key that its secret is locked by.</param>
/// <param name="Sealed">Base64 of nonce, ciphertext and tag.</param>
public sealed record StoredKey(ApiKey Key, int MasterVersion, string Sealed);

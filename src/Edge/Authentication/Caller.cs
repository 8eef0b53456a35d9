namespace Exchange.Edge.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Account">The trading account; 0: none.</param>
/// <param name="Permissions">None: anonymous.</param>
/// <param name="Key">The key that signed, or that the token was made with; null: anonymous.</param>
/// <param name="IsSigned">By signature, not by token.</param>
/// <param name="ExpiresMs">When its key or token ends, whichever is first; 0: never.</param>
internal readonly record struct Caller(uint Account, Permissions Permissions, ApiKey? Key, bool IsSigned, long ExpiresMs = 0)
{
    public string? KeyId => Key?.KeyId;

    public bool May(Permissions needed) => (Permissions & needed) == needed;
}

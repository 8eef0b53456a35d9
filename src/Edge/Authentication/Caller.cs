namespace Exchange.Edge.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Account">The trading account; 0: none.</param>
/// <param name="Permissions">None: anonymous.</param>
/// <param name="KeyId">The key that signed, or that the token was made with.</param>
/// <param name="IsSigned">By signature, not by token.</param>
/// <param name="ExpiresMs">When its token ends; 0: never.</param>
internal readonly record struct Caller(uint Account, Permissions Permissions, string? KeyId, bool IsSigned, long ExpiresMs = 0)
{
    public bool May(Permissions needed) => (Permissions & needed) == needed;
}

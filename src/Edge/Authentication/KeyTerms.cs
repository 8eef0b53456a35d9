namespace Exchange.Edge.Authentication;

/// <summary>What a key is made with: whose it is, what it may do, from where and how long.</summary>
/// <param name="Account">The trading account it belongs to; 0: none (administration only).</param>
/// <param name="Permissions">At least one.</param>
public sealed record KeyTerms(uint Account, Permissions Permissions)
{
    public AddressList Addresses { get; init; } = AddressList.Anywhere;

    /// <summary>Unix milliseconds from which on it is refused; 0: never.</summary>
    public long ExpiresMs { get; init; }

    /// <summary>Id of the key that it was made with; null: the host made it.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Whether a key of these terms is refused at a time.</summary>
    public bool IsExpired(long nowMs) => ExpiresMs != 0 && ExpiresMs <= nowMs;
}

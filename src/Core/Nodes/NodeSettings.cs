using Exchange.Core.Accounts.Links;

namespace Exchange.Core.Nodes;

/// <summary>How often and how much at once nodes repeat and work; nothing of it changes what is decided.</summary>
public sealed record NodeSettings
{
    public static readonly NodeSettings Default = new();

    /// <summary>What is not answered or acknowledged after this long is sent again, ms; then after twice as long, up to sixteen times.</summary>
    public long RepeatMs { get; init; } = 2_000;

    /// <summary>Events that an account has not acknowledged after this long are sent again, ms; it writes what it has applied before that.</summary>
    public long UnacknowledgedMs { get; init; } = 2 * LinkedAccount.WriteMs;

    /// <summary>Events in one message to an account; the rest follows when these are known there.</summary>
    public int EventsAtOnce { get; init; } = 128;

    /// <summary>Accounts that one input of a funding round pays, of a delisting cancels or settles.</summary>
    public int SliceAccounts { get; init; } = 256;

    /// <summary>Who is woken by a settlement price and does not get to rest for so long is not waited for, ms.</summary>
    public long SettlementPatienceMs { get; init; } = 5_000;

    /// <summary>Books that an account has left idle are left for good after so long, ms.</summary>
    public long LeaveIdleMs { get; init; } = 600_000;

    /// <summary>A client that has not been heard of for so long is forgotten by its account, ms.</summary>
    public long ForgetClientMs { get; init; } = 600_000;

    /// <summary>How often an account that has something to do as time passes is called at most, ms.</summary>
    public long AccountTickMs { get; init; } = 250;
}

using Exchange.Core.Books;

namespace Exchange.Core.Nodes.Messages;

// Books to accounts.

/// <param name="Refusal">None, or why the batch was not taken: StaleEpoch, NotRegistered, Gap.</param>
/// <param name="Outcomes">One for each command. With PostOnlyWouldCross the price that would have rested stands where accepted orders have their id.</param>
/// <param name="Events">Those after the batch's Applied, up to <paramref name="UpTo"/>.</param>
public sealed record BatchAnswer(
    int Symbol, uint Epoch, uint Batch, RejectReason Refusal, CommandOutcome[] Outcomes, BookEvent[] Events, ulong UpTo) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.BatchAnswer;
}

public sealed record RegisteredMessage(
    int Symbol, uint Epoch, RejectReason Refusal, OpenOrder[] Orders, BookEvent[] Events, RememberedOrder[] ClientIds, ulong UpTo) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Registered;

    /// <summary>Orders with client ids whose acceptance the account has not made durable.</summary>
    public NamedOrder[] Named { get; init; } = [];
}

public sealed record LeftMessage(int Symbol, uint Epoch, RejectReason Refusal) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Left;
}

/// <summary>Events in a row, pushed until they are acknowledged.</summary>
/// <param name="UpTo">Number of the account's last event: there is more if it is not among these.</param>
public sealed record EventsMessage(int Symbol, BookEvent[] Events, ulong UpTo) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Events;
}

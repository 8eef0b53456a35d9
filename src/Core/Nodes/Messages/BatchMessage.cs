using System.Runtime.InteropServices;
using Exchange.Core.Books;
using Exchange.Core.Port;

namespace Exchange.Core.Nodes.Messages;

// Accounts to books.

/// <summary>One numbered batch of commands: (account, epoch, n).</summary>
/// <param name="Applied">The last event of this book that the account knows.</param>
/// <param name="Acknowledgement">Rides along: what the book may forget before it does the commands; number 0: nothing.</param>
/// <param name="Commands">Each names account, epoch, batch and its place; times and order ids are the book's to give.</param>
public sealed record BatchMessage(
    uint Account, uint Epoch, uint Batch, ulong Applied, Acknowledgement Acknowledgement, BookInput[] Commands) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Batch;

    /// <summary>Text of the client id of each command that places an order; empty: none has one.</summary>
    public ClientOrderId[] ClientIds { get; init; } = [];
}

/// <param name="Applied">The last event that the account knows; the answer brings those after it.</param>
public sealed record RegisterMessage(uint Account, uint Epoch, ulong Applied, long Equity0E8, long Equity1E8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Register;
}

public sealed record AcknowledgeMessage(uint Account, uint Epoch, Acknowledgement Acknowledgement) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Acknowledge;
}

public sealed record LeaveMessage(uint Account, uint Epoch) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Leave;
}

/// <summary>The account has seen a gap.</summary>
public sealed record EventsWantedMessage(uint Account, ulong Applied) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.EventsWanted;
}

/// <summary>What an account has made durable of a book's events, and the equities of its pools there, 1e-8.</summary>
/// <param name="Number">Events up to here are durable.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Acknowledgement(ulong Number, long Equity0E8, long Equity1E8);

using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Nodes.Messages;

// Clients, to and from the living activation of an account.

/// <summary>A client looks for the living activation of an account, or for its session there.</summary>
public sealed record HelloMessage : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Hello;
}

/// <summary>A client's session with one activation: commands are addressed to it, so that no copy of one outlives it.</summary>
/// <param name="Session">The activation's epoch above, the client's number below; a later activation's is higher.</param>
/// <param name="Next">Number of the command that comes next.</param>
public sealed record SessionMessage(uint Account, ulong Session, ulong Next) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Session;
}

/// <summary>Commands in a row, each done once in the order of their numbers, however often they arrive.</summary>
/// <param name="First">Number of the first; they count 1, 2, 3 … per session.</param>
/// <param name="Answered">All up to here are answered: their answers may be forgotten.</param>
public sealed record CommandsMessage(ulong Session, ulong First, ulong Answered, Command[] Commands) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Commands;
}

/// <summary>Answers, in no particular order of their numbers.</summary>
public sealed record RepliesMessage(uint Account, ulong Session, CommandAnswer[] Answers) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Replies;
}

/// <summary>What became of one command.</summary>
/// <param name="Number">Of the command in its session.</param>
/// <param name="OrderId">The order concerned; 0: none.</param>
/// <param name="Reason">None: done.</param>
/// <param name="IsRepeat">The order is that of an earlier command with the same client order id.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CommandAnswer(ulong Number, ulong OrderId, RejectReason Reason, bool IsRepeat);

using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Clients;

/// <summary>A client looks for the living activation of its account.</summary>
internal sealed record HelloMessage : Message;

/// <summary>The activation that answers; commands are addressed to it, so that no copy of one outlives it.</summary>
internal sealed record SessionMessage(uint Epoch) : Message;

/// <summary>A command, done once a session and number, in the order of the numbers, however often it arrives.</summary>
/// <param name="Session">Epoch of the activation that may do it.</param>
/// <param name="Number">Counts 1, 2, 3 … per session.</param>
/// <param name="Answered">All up to here are answered: their answers may be forgotten.</param>
internal sealed record CommandMessage(uint Session, ulong Number, ulong Answered, Command Command) : Message;

internal sealed record ReplyMessage(uint Session, ulong Number, RejectReason Reason, ulong OrderId, bool IsRepeat) : Message;

using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Marks;

namespace Exchange.Simulation.Networks;

/// <summary>What travels between nodes; never changed once sent, since it may arrive twice.</summary>
internal abstract record Message;

// Accounts to books.

/// <summary>One numbered batch of commands (account, epoch, n); <paramref name="Applied"/> is the last event the account knows.</summary>
internal sealed record BatchMessage(uint Account, uint Epoch, uint Batch, BookInput[] Commands, ulong Applied) : Message;

internal sealed record RegisterMessage(BookInput Input, ulong Applied) : Message;

internal sealed record AcknowledgeMessage(BookInput Input) : Message;

internal sealed record LeaveMessage(BookInput Input) : Message;

/// <summary>The account has seen a gap.</summary>
internal sealed record EventsWantedMessage(uint Account, ulong Applied) : Message;

// Books to accounts.

/// <param name="Refusal">None, or why the batch was not taken: StaleEpoch, NotRegistered, Gap.</param>
internal sealed record BatchAnswer(
    int Symbol, uint Epoch, uint Batch, RejectReason Refusal, CommandOutcome[] Outcomes, BookEvent[] Events, ulong UpTo) : Message;

internal sealed record RegisteredMessage(
    int Symbol, uint Epoch, RejectReason Refusal, OpenOrder[] Orders, BookEvent[] Events, RememberedOrder[] ClientIds, ulong UpTo) : Message;

internal sealed record LeftMessage(int Symbol, uint Epoch, RejectReason Refusal) : Message;

internal sealed record EventsMessage(int Symbol, BookEvent[] Events) : Message;

// Marks and feeds.

internal sealed record IndexMessage(long IndexE8) : Message;

internal sealed record SampleMessage(MarkInput Sample) : Message;

/// <summary>To the symbol's book and to every account's table of marks.</summary>
internal sealed record MarkMessage(int Symbol, MarkUpdate Update) : Message;

internal sealed record FundingRoundMessage(FundingRound Round) : Message;

internal sealed record FundingRoundTakenMessage(long RoundId) : Message;

internal sealed record RangeMessage(PriceRange Range) : Message;

internal sealed record RangeTakenMessage(int Symbol, uint Epoch, ulong Number) : Message;

/// <param name="Range">The registration that the mark has left.</param>
internal sealed record WakeMessage(int Symbol, MarkUpdate Update, PriceRange Range) : Message;

// Clearing.

internal sealed record ReserveMessage(uint Account, ulong Liquidation, uint Step, long MostE8) : Message;

internal sealed record GrantedMessage(ulong Liquidation, uint Step, long GrantE8) : Message;

internal sealed record SettleMessage(uint Account, ulong Liquidation, uint Step, long SpentE8, long EarnedE8) : Message;

internal sealed record SettledMessage(ulong Liquidation, uint Step) : Message;

internal sealed record TotalsMessage(uint Account, ulong Number, AccountTotals Totals) : Message;

internal sealed record RemaindersMessage(int Symbol, ulong Number, long RemaindersE8) : Message;

/// <summary>The report with this number, or a later one, is durable.</summary>
internal sealed record ReportTakenMessage(ulong Number) : Message;

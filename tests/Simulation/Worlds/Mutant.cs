namespace Exchange.Simulation.Worlds;

/// <summary>One part of the protocol, or of the store, left out: the simulation must notice each of them.</summary>
public enum Mutant
{
    None = 0,

    /// <summary>A book takes what a dead activation of an account sends as if the living one had sent it.</summary>
    NoEpochCheck,

    /// <summary>An account takes a book's events as they arrive, whatever their numbers.</summary>
    NoEventNumbers,

    /// <summary>Answers and events leave a book, a mark or Clearing before they are durable.</summary>
    NoWaitForDurability,

    /// <summary>An account's write is not one cut: its money is of now, its positions are of the write before.</summary>
    WriteIsNotOneCut,

    /// <summary>An account asks for a grant before its liquidation is durable.</summary>
    LiquidationNotWrittenBeforeReserve,

    /// <summary>What a close spent and earned is not kept: after a crash the close is settled as if it had cost nothing.</summary>
    SpentIsNotKept,

    /// <summary>An account takes a write for durable when it has begun it.</summary>
    NoWaitForAccountWrite,

    /// <summary>An account takes any answer of a book for that to the batch in flight.</summary>
    AnswersAreNotNamed,

    /// <summary>A repeated client order id is looked up only after the order has passed the account's checks.</summary>
    RingAfterChecks,

    /// <summary>The store takes what anybody appends or writes. (Without epochs the expected sequence would still keep two writers apart.)</summary>
    AppendIsNotFenced,

    /// <summary>A book answers Register before it is durable.</summary>
    RegisteredTooEarly,

    /// <summary>An account acknowledges events that it has applied and not written.</summary>
    AcknowledgedBeforeWrite,

    /// <summary>The text of client ids is not sent along with the orders.</summary>
    NamesAreNotSent,
}

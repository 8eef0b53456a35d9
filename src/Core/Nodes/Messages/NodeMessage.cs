namespace Exchange.Core.Nodes.Messages;

/// <summary>What travels between nodes: a closed set, never changed once sent, since it may arrive twice (docs/protocol.md).</summary>
public abstract record NodeMessage
{
    private protected NodeMessage()
    {
    }

    /// <summary>How it is named on the wire.</summary>
    public abstract NodeMessageKind Kind { get; }
}

/// <summary>Names of messages on the wire: never given to another.</summary>
public enum NodeMessageKind : byte
{
    None = 0,

    // Accounts to books.
    Batch = 1,
    Register = 2,
    Acknowledge = 3,
    Leave = 4,
    EventsWanted = 5,

    // Books to accounts.
    BatchAnswer = 8,
    Registered = 9,
    Left = 10,
    Events = 11,

    // Marks and feeds.
    Index = 16,
    IndexTaken = 17,
    Sample = 18,
    Mark = 19,
    FundingRound = 20,
    FundingRoundTaken = 21,
    Range = 22,
    RangeTaken = 23,
    Wake = 24,
    SetMark = 25,
    SettleFunding = 26,
    HandTaken = 27,

    // Clearing.
    Reserve = 32,
    Granted = 33,
    Settle = 34,
    Settled = 35,
    Totals = 36,
    Remainders = 37,
    ReportTaken = 38,
    Seed = 39,
    SeedTaken = 40,

    // The operator.
    Instrument = 48,
    InstrumentTaken = 49,

    // Clients.
    Hello = 56,
    Session = 57,
    Commands = 58,
    Replies = 59,
}

namespace Exchange.Core;

/// <summary>Why an input was refused; a refused input changes nothing. One stable code each (docs/rules/matching.md 2).</summary>
public enum RejectReason : ushort
{
    None = 0,

    // Order checks, in the order they are made.
    UnknownSymbol = 1,
    SymbolNotTrading = 2,
    AccountInLiquidation = 3,
    DuplicateClientId = 4,
    BadCombination = 5,
    BadCallbackRate = 6,
    GtdInPast = 7,
    PositionSideMismatch = 8,
    PriceRange = 9,
    QtyRange = 10,
    PriceBand = 11,
    MinNotional = 12,
    TooManyOrders = 13,
    ReduceOnlyReject = 14,
    WouldTrigger = 15,
    PositionLimit = 16,
    InsufficientMargin = 17,
    PostOnlyWouldCross = 18,
    FokWouldNotFill = 19,

    // Amend and cancel.
    UnknownOrder = 30,
    NotAmendable = 31,
    NoChange = 32,
    ClientIdReused = 33,

    // Settings and money.
    OpenOrders = 40,
    OpenPosition = 41,
    LeverageRange = 42,
    IsolatedLeverageReduction = 43,
    NoIsolatedPosition = 44,
    InsufficientBalance = 45,
    TransferIdReused = 46,
    AmountRange = 47,
    CountdownRange = 48,

    // The venue's state.
    UnknownAccount = 60,
    AccountExists = 61,
    AccountRecovering = 62,
    OutboxFull = 63,
    CancelOnly = 64,
    Overloaded = 65,
    AccountFrozen = 66,
    SymbolExists = 67,
    InstrumentRefused = 68,
    PriceBandOfIndex = 69,
    AccountReduceOnly = 70,

    // Between machines; never seen by a client.
    StaleEpoch = 80,
    NotRegistered = 81,
    Gap = 82,
    Moved = 83,
    Superseded = 84,
}

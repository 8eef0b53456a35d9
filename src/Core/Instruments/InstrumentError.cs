namespace Exchange.Core.Instruments;

/// <summary>Why settings are no instrument; the first that is found, in this order.</summary>
public enum InstrumentError : byte
{
    None = 0,

    /// <summary>1 to 24 of A-Z, 0-9, '_', '-', '.'.</summary>
    SymbolText = 1,
    SymbolId = 2,
    TickOrLot = 3,

    /// <summary>tick * lot is not a whole number of 1e-8 USDT, so notionals would have to be rounded.</summary>
    UnitNotWhole = 4,

    /// <summary>A rate above 1, or a maker's rebate larger than the taker's fee: two accounts could farm it.</summary>
    FeeRate = 5,
    Band = 6,
    MarketBound = 7,
    QuantityRange = 8,
    MinNotional = 9,
    MaxPrice = 10,

    /// <summary>maxPrice * maxPosition * U is above 9e18: a notional could leave 64 bits.</summary>
    ListingRule = 11,
    MaxOrders = 12,
    TriggerProtect = 13,
    FundingRate = 14,
    FundingInterval = 15,
    FixedIndex = 16,
    BracketCount = 17,
    BracketCaps = 18,

    /// <summary>Not within 1..125, or rising with size.</summary>
    BracketLeverage = 19,

    /// <summary>Not above 0, falling with size, or not below the initial margin at the bracket's highest leverage.</summary>
    BracketRate = 20,

    /// <summary>cap * (rate - rate below) is not a whole number of 1e-8 USDT.</summary>
    BracketDeduction = 21,
    Encoding = 22,
}

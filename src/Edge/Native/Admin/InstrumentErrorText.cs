using Exchange.Core.Instruments;

namespace Exchange.Edge.Native.Admin;

/// <summary>What to do about an instrument that was refused.</summary>
internal static class InstrumentErrorText
{
    public static string Of(InstrumentError error) => error switch
    {
        InstrumentError.SymbolText => "symbol must be 1 to 24 of A-Z 0-9 _ - .",
        InstrumentError.TickOrLot => "tickSize and lotSize must be above 0.",
        InstrumentError.UnitNotWhole => "tickSize times lotSize must be a whole number of 0.00000001, so that notionals are exact.",
        InstrumentError.FeeRate => "Fees must be at most 1, and a maker's rebate at most the taker's fee.",
        InstrumentError.Band => "bandUp must be 1 to 10, bandDown 0 to 1.",
        InstrumentError.MarketBound => "marketBound must be 0 to 1.",
        InstrumentError.QuantityRange => "minQty must be at least a lot and not above maxQty.",
        InstrumentError.MinNotional => "minNotional is too large.",
        InstrumentError.MaxPrice => "maxPrice must be at least a tick and at most 10^12 ticks.",
        InstrumentError.ListingRule => "maxPrice times maxPosition must be at most 90,000,000,000 USDT; lower one of them.",
        InstrumentError.MaxOrders => $"maxOrders must be 1 to {InstrumentLimits.MaxOrders}.",
        InstrumentError.TriggerProtect => "triggerProtect must be 0 to 1.",
        InstrumentError.FundingRate => "fundingCap must be 0 to 1.",
        InstrumentError.FundingInterval => "fundingIntervalMs must be 1, 2, 4 or 8 hours.",
        InstrumentError.FixedIndex => "fixedIndex must not be above maxPrice.",
        InstrumentError.BracketCount => $"There must be 1 to {InstrumentLimits.MaxBrackets} brackets.",
        InstrumentError.BracketCaps => "The caps of the brackets must rise.",
        InstrumentError.BracketLeverage => "maxLeverage must be 1 to 125 and must not rise from bracket to bracket.",
        InstrumentError.BracketRate => "maintenanceRate must be above 0, must not fall, and must stay below 1 / maxLeverage.",
        InstrumentError.BracketDeduction => "cap times the rise of maintenanceRate must be a whole number of 0.00000001.",
        _ => "The instrument's terms contradict each other.",
    };
}

using Exchange.Core.Instruments;
using Exchange.Core.Units;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Json;

/// <summary>Prices, quantities and amounts out of the text of a field; each method returns the refusal, or null and the value.</summary>
internal static class DecimalValues
{
    private static readonly StepRules PriceRules = new("tick", ErrorCatalogue.PriceTick, ErrorCatalogue.PriceRange, InstrumentLimits.MaxPriceTicks);
    private static readonly StepRules QuantityRules = new("lot", ErrorCatalogue.QtyStep, ErrorCatalogue.QtyRange, InstrumentLimits.MaxLots);

    private static string Largest => DecimalText.ToText(long.MaxValue);

    private sealed record StepRules(string StepName, ErrorEntry OffStep, ErrorEntry OutOfRange, long MostSteps);

    /// <inheritdoc cref="IBodyFields.AmountE8"/>
    public static Problem? AmountE8(string name, ReadOnlySpan<byte> text, out long valueE8) => DecimalText.ParseE8(text, out valueE8) switch
    {
        DecimalTextResult.Ok => null,
        DecimalTextResult.TooLarge => Problems.Field(ErrorCatalogue.AmountRange, name, $"{name} is too large.", Largest),
        _ => Problems.BadDecimal(name),
    };

    /// <summary>A rate in 1e-8 that may be negative.</summary>
    public static Problem? SignedE8(string name, ReadOnlySpan<byte> text, out long valueE8) =>
        DecimalText.ParseSignedE8(text, out valueE8) == DecimalTextResult.Ok ? null : Problems.BadDecimal(name);

    /// <inheritdoc cref="IBodyFields.Price"/>
    public static Problem? Price(string name, ReadOnlySpan<byte> text, long tickE8, out long ticks) =>
        Steps(name, text, tickE8, PriceRules, out ticks);

    /// <inheritdoc cref="IBodyFields.Quantity"/>
    public static Problem? Quantity(string name, ReadOnlySpan<byte> text, long lotE8, out long lots) =>
        Steps(name, text, lotE8, QuantityRules, out lots);

    private static Problem? Steps(string name, ReadOnlySpan<byte> text, long stepE8, StepRules rules, out long steps)
    {
        switch (DecimalText.ParseSteps(text, stepE8, out steps))
        {
            case DecimalTextResult.Ok when steps >= 1 && steps <= rules.MostSteps:
                return null;
            case DecimalTextResult.Ok or DecimalTextResult.TooLarge:
                long limit = steps == 0 ? 1 : rules.MostSteps;
                return Problems.Field(
                    rules.OutOfRange, name, $"{name} must be from one {rules.StepName} to {rules.MostSteps} {rules.StepName}s.",
                    DecimalText.ToText((Int128)limit * stepE8));
            case DecimalTextResult.OffStep:
                return OffStep(name, text, stepE8, rules);
            default:
                return Problems.BadDecimal(name);
        }
    }

    private static Problem OffStep(string name, ReadOnlySpan<byte> text, long stepE8, StepRules rules)
    {
        string step = DecimalText.ToText(stepE8);
        if (DecimalText.ParseE8(text, out long valueE8) != DecimalTextResult.Ok)
            return Problems.Field(rules.OffStep, name, $"{name} is off {rules.StepName} {step}.", step);

        Int128 below = (Int128)(valueE8 / stepE8) * stepE8;
        string value = DecimalText.ToText(valueE8);
        string above = DecimalText.ToText(below + stepE8);
        string[] nearest = below == 0 ? [above] : [DecimalText.ToText(below), above];
        return new Problem(rules.OffStep)
        {
            Detail = $"{name} {value} is off {rules.StepName} {step}; nearest {string.Join(", ", nearest)}.",
            Field = name,
            Value = value,
            Limit = step,
            Nearest = nearest,
        };
    }
}

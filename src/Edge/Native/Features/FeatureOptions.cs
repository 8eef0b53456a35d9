using System.ComponentModel.DataAnnotations;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Edge.Native.Features;

/// <summary>What the venue makes of candles and books; section <c>Features</c> of the settings, checked at start.</summary>
public sealed class FeatureOptions : IValidatableObject
{
    public const string Section = "Features";

    /// <summary>Indicators with semicolons between, such as <c>rsi;bb(20,2.5)</c>; empty: all of docs/indicators.md with standard parameters; <c>none</c>: none.</summary>
    public string Indicators { get; set; } = "";

    /// <summary>Closed candles of each interval, and seconds of the book, whose values are kept for reads as of a time.</summary>
    [Range(1, 10_000)] public int Kept { get; set; } = 240;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TryMake(out _) is { } problem)
            yield return new ValidationResult(problem, [nameof(Indicators)]);
    }

    internal MarketFeatures Make()
    {
        TryMake(out IndicatorSet? set);
        return new MarketFeatures(new ComputedFeatures(set!), Kept);
    }

    private string? TryMake(out IndicatorSet? set)
    {
        set = IndicatorSet.Standard;
        if (Indicators.Length == 0)
            return null;
        string[] texts = Indicators == "none" ? [] : Indicators.Split(';', StringSplitOptions.TrimEntries);
        return IndicatorSet.TryMake(texts, out set);
    }
}

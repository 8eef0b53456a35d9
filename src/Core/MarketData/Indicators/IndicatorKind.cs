using System.Collections.Immutable;
using System.Globalization;

namespace Exchange.Core.MarketData.Indicators;

/// <summary>An indicator as the catalogue has it: what it is called, what sets it, what it tells.</summary>
/// <param name="Summary">What it is, in a few words.</param>
public sealed record IndicatorKind(string Name, string Summary, ImmutableArray<IndicatorParameter> Parameters, Func<ImmutableArray<double>, Indicator> Make)
{
    /// <summary>Names of what it tells after a bar; parameters change none.</summary>
    public ImmutableArray<string> Outputs { get; } = Make([.. Parameters.Select(parameter => parameter.Standard)]).Outputs;

    /// <summary>Other names under which recorded series have some of the outputs.</summary>
    public ImmutableDictionary<string, string> Aliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Outputs that hang on where the bars began, however long ago that was.</summary>
    public ImmutableArray<string> SinceTheBeginning { get; init; } = [];

    /// <summary>Whether the first parameter must be below the second.</summary>
    public bool IsFirstBelowSecond { get; init; }

    /// <summary>Makes one.</summary>
    /// <param name="parameters">The first ones; what is missing at the end is standard.</param>
    /// <param name="made">Null: a parameter is out of its range.</param>
    /// <returns>What is wrong, as a sentence; null: nothing.</returns>
    public string? TryMake(ReadOnlySpan<double> parameters, out Indicator? made)
    {
        made = null;
        if (parameters.Length > Parameters.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{Name} has {Parameters.Length} parameters, and {parameters.Length} were given.");
        ImmutableArray<double>.Builder all = ImmutableArray.CreateBuilder<double>(Parameters.Length);
        foreach (IndicatorParameter parameter in Parameters)
        {
            double value = all.Count < parameters.Length ? parameters[all.Count] : parameter.Standard;
            if (!(value >= parameter.Least && value <= parameter.Most) || (parameter.IsWhole && value != Math.Floor(value)))
            {
                string what = parameter.IsWhole ? "a whole number" : "a number";
                return string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} of {Name} is {what} from {parameter.Least} to {parameter.Most}.");
            }

            all.Add(value);
        }

        if (IsFirstBelowSecond && all[0] >= all[1])
            return $"{Parameters[0].Name} of {Name} is below {Parameters[1].Name}.";
        made = Make(all.MoveToImmutable());
        return null;
    }
}

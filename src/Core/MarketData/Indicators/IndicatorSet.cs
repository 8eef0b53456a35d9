using System.Collections.Immutable;
using System.Globalization;

namespace Exchange.Core.MarketData.Indicators;

/// <summary>Some indicators together, over the same bars: their states lie one behind the other, and so do their values.</summary>
/// <remarks>
/// An indicator that counts from the beginning of the bars begins anew with each session; of one that only has outputs that do, those are left
/// out: so whoever has the bars of the session, and enough for the windows, comes to the same values.
/// </remarks>
public sealed class IndicatorSet
{
    private readonly ImmutableArray<Member> _members;

    private IndicatorSet(ImmutableArray<Member> members)
    {
        _members = members;
        StateLength = members.Sum(member => member.Indicator.StateLength);
        Labels = [.. members.SelectMany(member => member.Labels)];
    }

    /// <summary>One of the set.</summary>
    /// <param name="Places">Outputs that are told.</param>
    /// <param name="Labels">What they are called in the set.</param>
    private readonly record struct Member(Indicator Indicator, ImmutableArray<int> Places, ImmutableArray<string> Labels, bool IsOfSession);

    /// <summary>All of the catalogue with standard parameters.</summary>
    public static IndicatorSet Standard { get; } = Make([.. IndicatorCatalogue.All.Select(kind => kind.Name)]);

    /// <summary>Numbers of the state; all are zero before the first bar.</summary>
    public int StateLength { get; }

    /// <summary>What is told after a bar: <c>rsi</c>, <c>sma-50</c>, <c>bb.upperBand</c>, <c>bb-20-2.5.upperBand</c>.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Makes a set of texts such as <c>rsi</c> or <c>bb(20,2.5)</c>.</summary>
    /// <returns>What is wrong, as a sentence; null: nothing.</returns>
    public static string? TryMake(IReadOnlyList<string> texts, out IndicatorSet? made)
    {
        made = null;
        ImmutableArray<Member>.Builder members = ImmutableArray.CreateBuilder<Member>(texts.Count);
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            if (Parse(text, out Member member) is { } problem)
                return problem;
            if (member.Labels.FirstOrDefault(label => label.Length > Features.FeatureName.MaxPartLength) is { } tooLong)
                return $"'{tooLong}' is longer than {Features.FeatureName.MaxPartLength} characters.";
            if (member.Labels.Any(label => !labels.Add(label)))
                return $"'{text}' is there twice.";
            members.Add(member);
        }

        made = new IndicatorSet(members.ToImmutable());
        return null;
    }

    /// <summary>Takes the next bar.</summary>
    /// <param name="state">Of <see cref="StateLength"/>.</param>
    /// <param name="isSessionBegin">The bar is the first of a session.</param>
    /// <param name="values">One for each of <see cref="Labels"/>; NaN: not defined.</param>
    public void Add(Span<double> state, in Bar bar, bool isSessionBegin, Span<double> values)
    {
        Span<double> told = stackalloc double[MostOutputs];
        foreach (ref readonly Member member in _members.AsSpan())
        {
            Indicator indicator = member.Indicator;
            Span<double> own = state[..indicator.StateLength];
            if (isSessionBegin && member.IsOfSession)
                own.Clear();
            if (member.Places.Length == indicator.Outputs.Length)
            {
                indicator.Add(own, in bar, values[..member.Places.Length]);
            }
            else
            {
                indicator.Add(own, in bar, told[..indicator.Outputs.Length]);
                for (int i = 0; i < member.Places.Length; i++)
                    values[i] = told[member.Places[i]];
            }

            state = state[indicator.StateLength..];
            values = values[member.Places.Length..];
        }
    }

    private const int MostOutputs = 8;

    private static IndicatorSet Make(IReadOnlyList<string> texts)
    {
        string? problem = TryMake(texts, out IndicatorSet? made);
        Invariant.Holds(problem is null);
        return made!;
    }

    private static string? Parse(string text, out Member member)
    {
        member = default;
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = open < 0 ? text : text[..open];
        if (IndicatorCatalogue.Find(name) is not { } kind)
            return $"There is no indicator '{name}'.";
        string[] words = [];
        if (open >= 0)
        {
            if (!text.EndsWith(')'))
                return $"'{text}' has no closing bracket.";
            words = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        }

        double[] parameters = new double[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!double.TryParse(words[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out parameters[i]))
                return $"'{words[i]}' of '{text}' is no number.";
        }

        if (kind.TryMake(parameters, out Indicator? indicator) is { } problem)
            return problem;
        Invariant.Holds(indicator!.Outputs.Length <= MostOutputs);
        member = MemberOf(kind, indicator, string.Join('-', [name, .. words]));
        return null;
    }

    private static Member MemberOf(IndicatorKind kind, Indicator indicator, string name)
    {
        bool isOfSession = kind.SinceTheBeginning.Length == kind.Outputs.Length;
        ImmutableArray<int> places =
            [.. Enumerable.Range(0, kind.Outputs.Length).Where(place => isOfSession || !kind.SinceTheBeginning.Contains(kind.Outputs[place]))];
        return new Member(indicator, places, [.. places.Select(place => kind.Outputs.Length == 1 ? name : $"{name}.{kind.Outputs[place]}")], isOfSession);
    }
}

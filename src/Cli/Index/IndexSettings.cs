using System.Text.Json;
using System.Text.Json.Serialization;
using Exchange.Core.Units;

namespace Exchange.Cli.Index;

/// <summary>What the index feed is told to do, checked.</summary>
/// <param name="IntervalMs">Between two rounds.</param>
/// <param name="StaleMs">A price older than this does not count.</param>
/// <param name="DeviationE8">Farthest a price may be from the median, as a part of it in 1e-8.</param>
/// <param name="MinSources">Fewer than so many prices: nothing is posted. 0: more than half of the symbol's sources.</param>
/// <param name="Symbols">By symbol, its sources.</param>
internal sealed record IndexSettings(
    int IntervalMs, int StaleMs, long DeviationE8, int MinSources, IReadOnlyList<SymbolSources> Symbols)
{
    public const int DefaultIntervalMs = 1_000;
    public const int DefaultStaleMs = 5_000;
    public const string DefaultDeviation = "0.01";

    /// <summary>How many sources of a symbol must agree.</summary>
    public int MinSourcesOf(SymbolSources symbol) => MinSources > 0 ? MinSources : symbol.Sources.Count / 2 + 1;

    /// <summary>Puts the command line over a configuration file.</summary>
    /// <exception cref="InvalidDataException">Something cannot be used; the message names it and says what can.</exception>
    public static IndexSettings Combine(IndexConfiguration typed, string? configurationFile)
    {
        IndexConfiguration file = configurationFile is null ? new IndexConfiguration() : IndexConfiguration.Load(configurationFile);
        var symbols = new SortedDictionary<string, List<IndexConfiguration.Source>>(StringComparer.Ordinal);
        foreach ((string symbol, IReadOnlyList<IndexConfiguration.Source> sources) in file.Symbols.Concat(typed.Symbols))
        {
            if (!symbols.TryAdd(symbol, [.. sources]))
                symbols[symbol].AddRange(sources);
        }

        string deviation = typed.Deviation ?? file.Deviation ?? DefaultDeviation;
        Require(DecimalText.ParseE8(deviation, out long deviationE8) == DecimalTextResult.Ok && deviationE8 is >= 1_000 and <= 50_000_000,
            $"The deviation is a part of the median, from 0.00001 to 0.5, not '{deviation}'.");
        var settings = new IndexSettings(
            typed.IntervalMs ?? file.IntervalMs ?? DefaultIntervalMs, typed.StaleMs ?? file.StaleMs ?? DefaultStaleMs, deviationE8,
            typed.MinSources ?? file.MinSources ?? 0, [.. symbols.Select(symbol => SymbolSources.Create(symbol.Key, symbol.Value))]);
        settings.Check();
        return settings;
    }

    private void Check()
    {
        Require(Symbols.Count > 0, "Name at least one source: --source SYMBOL=URI, or a --config file.");
        Require(IntervalMs is >= 100 and <= 9_000, "The interval is from 100 to 9000 ms: the venue holds its mark when it gets no index for 10 s.");
        Require(StaleMs is >= 100 and <= 10_000, "Prices may be from 100 to 10000 ms old: the venue takes what is posted for fresh.");
        Require(StaleMs >= IntervalMs, "The oldest price that counts may not be younger than the interval at which sources are asked.");
        foreach (SymbolSources symbol in Symbols)
        {
            Require(symbol.Sources.Count > 0 && MinSources >= 0 && MinSources <= symbol.Sources.Count,
                $"{symbol.Symbol} has {symbol.Sources.Count} sources: the fewest that must agree cannot be {MinSources}.");
        }
    }

    private static void Require(bool isGood, string problem)
    {
        if (!isGood)
            throw new InvalidDataException(problem);
    }
}

/// <summary>What the command line and the configuration file can say; null or empty: nothing.</summary>
internal sealed record IndexConfiguration
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    };

    public int? IntervalMs { get; init; }

    public int? StaleMs { get; init; }

    public string? Deviation { get; init; }

    public int? MinSources { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<Source>> Symbols { get; init; } = new Dictionary<string, IReadOnlyList<Source>>(StringComparer.Ordinal);

    /// <param name="Address">The field <c>source</c>.</param>
    /// <param name="Subscribe">For streams: sent once connected; a text as it is, anything else as JSON, of an array each element.</param>
    public sealed record Source([property: JsonPropertyName("source")] string Address, JsonElement? Subscribe = null);

    /// <exception cref="InvalidDataException">It is not of that form.</exception>
    public static IndexConfiguration Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<IndexConfiguration>(File.ReadAllText(path), Strict) ?? throw new JsonException("it is empty");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)}: {malformed.Message}", malformed);
        }
    }
}

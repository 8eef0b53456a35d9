using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Exchange.Cli.Terminal;
using Exchange.Core.Units;

namespace Exchange.Cli.Index;

/// <summary>Tells what changes, once: a source that is dropped or counts again, a symbol that is held or posted again, a venue that refuses.</summary>
/// <remarks>In words, one line a change; or as JSON, where every post is a line too.</remarks>
internal sealed class IndexTeller(TextWriter output, StatusLine status, bool asJson, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly Dictionary<string, string> _toldOf = new(StringComparer.Ordinal);

    /// <summary>What a source's state is; told when it is another than last time.</summary>
    public void Source(string symbol, IndexSource source, SourceState state)
    {
        if (IsStarting(source, state) || !IsNews($"{symbol} {source.Name}", state.ToString()))
            return;
        string? why = state switch
        {
            SourceState.Used => null,
            SourceState.NotAPrice => $"says '{source.Latest!.Said}'",
            SourceState.FarFromMedian => $"says {source.Latest!.Said}, too far from the median",
            _ => source.Trouble ?? "has said nothing lately",
        };
        Tell(
            new Line("source", symbol) { Source = source.Name, State = NameOf(state), Detail = why },
            state == SourceState.Used ? $"{symbol}: {source.Name} counts" : $"{symbol}: {source.Name} is dropped ({NameOf(state)}): {why}");
    }

    /// <summary>It has not said anything yet, and nothing has gone wrong either.</summary>
    public static bool IsStarting(IndexSource source, SourceState state) => state == SourceState.Silent && source.Trouble is null;

    /// <summary>Too few sources: nothing is posted.</summary>
    public void Held(string symbol, int used, int needed)
    {
        if (IsNews(symbol, "held"))
            Tell(new Line("held", symbol) { Used = used, Needed = needed }, $"{symbol}: nothing is posted, {used} of {needed} sources needed; the venue holds its mark after 10 s");
    }

    public void Posted(string symbol, long priceE8, int used, int of)
    {
        string price = DecimalText.ToText(priceE8);
        bool isNews = IsNews(symbol, "posted");
        if (asJson)
            Tell(new Line("posted", symbol) { Price = price, Used = used, Of = of }, "");
        else if (isNews)
            Tell(new Line("posted", symbol), $"{symbol}: posted at {price}, {used} of {of} sources");
    }

    /// <summary>The venue did not take a price.</summary>
    /// <param name="code">Of the refusal; null: it could not be reached.</param>
    public void Refused(string symbol, string? code, string detail)
    {
        if (IsNews(symbol, code ?? "unreachable"))
            Tell(new Line("refused", symbol) { Code = code, Detail = detail }, $"{symbol}: {code ?? "not posted"}: {detail}");
    }

    public void Show(string text) => status.Show(text);

    public void Finish() => status.Clear();

    private bool IsNews(string what, string state)
    {
        string? before = _toldOf.GetValueOrDefault(what);
        _toldOf[what] = state;
        return !string.Equals(before, state, StringComparison.Ordinal);
    }

    private void Tell(Line line, string words)
    {
        DateTimeOffset now = clock.GetUtcNow();
        status.Clear();
        output.WriteLine(asJson
            ? JsonSerializer.Serialize(line with { TimeMs = now.ToUnixTimeMilliseconds() }, Json)
            : $"{now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {words}");
    }

    private static string NameOf(SourceState state) => state switch
    {
        SourceState.NotAPrice => "not a price",
        SourceState.FarFromMedian => "far from the median",
        _ => state.ToString().ToLowerInvariant(),
    };

    private sealed record Line(string Event, string Symbol)
    {
        public long TimeMs { get; init; }

        public string? Source { get; init; }

        public string? State { get; init; }

        public string? Price { get; init; }

        public int? Used { get; init; }

        public int? Of { get; init; }

        public int? Needed { get; init; }

        public string? Code { get; init; }

        public string? Detail { get; init; }
    }
}

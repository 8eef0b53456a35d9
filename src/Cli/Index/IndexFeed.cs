using Exchange.Cli.Http;
using Exchange.Core.Units;

namespace Exchange.Cli.Index;

/// <summary>Asks the sources, round after round, and posts each symbol's median to the venue.</summary>
internal sealed class IndexFeed : IDisposable
{
    private const string ClockCodes = "STALE_TIMESTAMP TIMESTAMP_AHEAD SIGNATURE_REUSED";
    private readonly IndexSettings _settings;
    private readonly IndexPoster _poster;
    private readonly IndexTeller _teller;
    private readonly TimeProvider _clock;
    private readonly List<Symbol> _symbols;

    public IndexFeed(IndexSettings settings, IndexPoster poster, IndexTeller teller, TimeProvider clock)
    {
        _settings = settings;
        _poster = poster;
        _teller = teller;
        _clock = clock;
        _symbols = [.. settings.Symbols.Select(symbol => new Symbol(symbol, [.. symbol.Sources.Select(source => source.Open(settings.StaleMs, clock))]))];
    }

    /// <summary>A symbol with its open sources.</summary>
    private sealed record Symbol(SymbolSources Settings, IndexSource[] Sources) : IDisposable
    {
        public string Name => Settings.Symbol;

        public long PostedE8 { get; set; }

        public void Dispose()
        {
            foreach (IndexSource source in Sources)
                source.Dispose();
        }
    }

    /// <summary>Goes on until it is canceled.</summary>
    /// <exception cref="InvalidDataException">The venue knows the key or none of the symbols: going on is no use.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_settings.IntervalMs), _clock);
        do
            await Round(cancellation);
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>One round: ask, judge, post.</summary>
    public async Task Round(CancellationToken cancellation)
    {
        await Poll(cancellation);
        (Symbol Symbol, IndexPrice Index)[] due = [.. _symbols.Select(symbol => (symbol, Judge(symbol))).Where(judged => judged.Item2.PriceE8 != 0)];
        ServerAnswer?[] answers = await Task.WhenAll(due.Select(judged => _poster.Post(judged.Symbol.Name, judged.Index.PriceE8, cancellation)));
        for (int i = 0; i < due.Length; i++)
            Note(due[i].Symbol, due[i].Index, answers[i]);
        _teller.Show(string.Join("   ", _symbols.Select(symbol => $"{symbol.Name} {DecimalText.ToText(symbol.PostedE8)}")));
    }

    /// <summary>Who takes long is not waited for: what it says counts in the next round.</summary>
    private async Task Poll(CancellationToken cancellation)
    {
        Task all = Task.WhenAll(_symbols.SelectMany(symbol => symbol.Sources).Select(source => source.Poll(cancellation)));
        try
        {
            await all.WaitAsync(TimeSpan.FromMilliseconds(_settings.IntervalMs / 2), _clock, cancellation);
        }
        catch (TimeoutException)
        {
            // The slow ones go on by themselves.
        }
    }

    private IndexPrice Judge(Symbol symbol)
    {
        IndexPrice index = IndexPrice.Of(
            [.. symbol.Sources.Select(source => source.Latest)], _clock.GetUtcNow().ToUnixTimeMilliseconds(), _settings.StaleMs,
            _settings.DeviationE8, _settings.MinSourcesOf(symbol.Settings));
        bool isStarting = false;
        for (int i = 0; i < symbol.Sources.Length; i++)
        {
            _teller.Source(symbol.Name, symbol.Sources[i], index.States[i]);
            isStarting |= IndexTeller.IsStarting(symbol.Sources[i], index.States[i]);
        }

        if (index.PriceE8 == 0 && !isStarting)
            _teller.Held(symbol.Name, index.Used, _settings.MinSourcesOf(symbol.Settings));
        return index;
    }

    private void Note(Symbol symbol, IndexPrice index, ServerAnswer? answer)
    {
        if (answer is null)
        {
            _teller.Refused(symbol.Name, null, "the venue does not answer; it is tried again every round");
        }
        else if (answer.IsSuccess)
        {
            symbol.PostedE8 = index.PriceE8;
            _teller.Posted(symbol.Name, index.PriceE8, index.Used, symbol.Sources.Length);
        }
        else
        {
            Refuse(symbol, answer);
        }
    }

    private void Refuse(Symbol symbol, ServerAnswer answer)
    {
        string code = answer.Code ?? $"HTTP {answer.Status}";
        InvalidDataException refused = answer.Refused($"The index of {symbol.Name}");
        if (answer.Status is 401 or 403 && !ClockCodes.Contains(code, StringComparison.Ordinal))
            throw refused;
        _teller.Refused(symbol.Name, code, refused.Message);
        if (answer.Status != 404)
            return;

        // Not listed, or no more: the others go on without it.
        _symbols.Remove(symbol);
        symbol.Dispose();
        if (_symbols.Count == 0)
            throw new InvalidDataException("The venue knows none of the symbols.");
    }

    public void Dispose()
    {
        foreach (Symbol symbol in _symbols)
            symbol.Dispose();
    }
}

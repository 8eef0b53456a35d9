namespace Exchange.Cli.Index;

/// <summary>Somebody who knows a price. What it said last stands until it says something else; its age decides whether it counts.</summary>
internal abstract class IndexSource(string name, TimeProvider clock) : IDisposable
{
    private SourceReading? _latest;
    private volatile string? _trouble;

    /// <summary>Its address, as it was given.</summary>
    public string Name { get; } = name;

    /// <summary>Null: it has said nothing yet.</summary>
    public SourceReading? Latest => Volatile.Read(ref _latest);

    /// <summary>Why it could not be asked the last time; null: it could.</summary>
    public string? Trouble
    {
        get => _trouble;
        protected set => _trouble = value;
    }

    protected TimeProvider Clock { get; } = clock;

    protected long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Asks it, or sees to it that it is listened to; ends when the answer is in. Throws nothing but that it was canceled.</summary>
    public abstract Task Poll(CancellationToken cancellation);

    /// <summary>Takes in what it said just now, or at an earlier time.</summary>
    protected void Take(string said, long? timeMs = null)
    {
        const int longest = 64;
        string words = said.Length > longest ? said[..longest] : said;
        Volatile.Write(ref _latest, new SourceReading(PricePointer.PriceE8(said), timeMs ?? NowMs, words));
        Trouble = null;
    }

    public virtual void Dispose()
    {
    }
}

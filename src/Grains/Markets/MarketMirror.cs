using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Silos;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Grains.Markets;

/// <summary>A silo's copy of all market data: what <see cref="IExchange"/> tells of symbols, kept up by books, marks and Clearing.</summary>
/// <remarks>
/// Never waits: what is read is what was heard. Of a symbol that was not heard of yet nothing is shown, and it is halted. Events of a
/// symbol come in order and once; where some were missed, the trades that are still known are told, and of depth a change whose number
/// says that others are missing. Any thread.
/// </remarks>
public sealed partial class MarketMirror(IOptions<GrainOptions> options, SiloBoard board, TimeProvider time, ILogger<MarketMirror> log)
    : MarketViews(options.Value.Views)
{
    private readonly ViewLimits _limits = options.Value.Views;
    private readonly SourceStanding _fund = new(NodeId.Clearing);
    private ImmutableArray<MirroredSymbol> _symbols = [];
    private ImmutableArray<IFeedSubscriber> _subscribers = [];

    /// <summary>What is listed is known, and all of it was heard of.</summary>
    public bool IsComplete =>
        board.Told.IsCompleted && _symbols.Length == board.Current.Count && _fund.IsHeard && _symbols.All(symbol => symbol.IsHeard);

    /// <summary>Symbols that are followed.</summary>
    public int SymbolCount => _symbols.Length;

    /// <summary>See <see cref="IExchange.Subscribe"/>: the events of each symbol in order, those of several at once.</summary>
    public IDisposable Subscribe(IFeedSubscriber subscriber)
    {
        ImmutableInterlocked.Update(ref _subscribers, (all, one) => all.Add(one), subscriber);
        return new Subscription(this, subscriber);
    }

    /// <summary>A symbol is followed from now on; ids count 0, 1, 2 …, one thread lists.</summary>
    internal void List(Instrument instrument) =>
        ImmutableInterlocked.Update(ref _symbols, (all, one) => all.Add(one), new MirroredSymbol(instrument, _limits));

    /// <summary>All that is to be heard of.</summary>
    internal IEnumerable<(SourceStanding Source, MarketPlace Heard)> Sources()
    {
        yield return (_fund, HeardOfFund());
        foreach (MirroredSymbol symbol in _symbols)
        {
            yield return (symbol.Book, symbol.HeardOf(symbol.Book));
            yield return (symbol.Mark, symbol.HeardOf(symbol.Mark));
        }
    }

    /// <summary>Takes what a source tells.</summary>
    /// <returns>How far it has been heard now.</returns>
    internal MarketPlace Take(MarketBatch batch)
    {
        if (batch.Source == NodeId.Clearing)
            return TakeFund(batch);
        ImmutableArray<MirroredSymbol> symbols = _symbols;
        if (batch.Source.Key >= symbols.Length)
            return default;
        try
        {
            return symbols[(int)batch.Source.Key].Take(batch, NowMs, Tell);
        }
        catch (Exception fault)
        {
            LogNotTaken(log, batch.Source, fault);
            return default;
        }
    }

    /// <summary>The clock of <see cref="SourceStanding.AtMs"/>.</summary>
    internal long NowMs => time.GetTimestamp() / (time.TimestampFrequency / 1_000);

    protected override SymbolMarket? MarketOf(int symbol)
    {
        ImmutableArray<MirroredSymbol> symbols = _symbols;
        return symbol >= 0 && symbol < symbols.Length ? symbols[symbol].Market : null;
    }

    protected override long TimeMsOf(int symbol) => _symbols[symbol].TimeMs;

    private MarketPlace HeardOfFund()
    {
        lock (_fund)
            return _fund.Heard;
    }

    private MarketPlace TakeFund(MarketBatch batch)
    {
        lock (_fund)
        {
            var told = new MarketPlace(batch.Epoch, batch.Segments[^1].Through);
            if (told.Epoch < _fund.Heard.Epoch || (told.Epoch == _fund.Heard.Epoch && told.Sequence < _fund.Heard.Sequence))
                return _fund.Heard;
            FundE8 = batch.Segments[^1].Held;
            _fund.AtMs = NowMs;
            return _fund.Heard = told;
        }
    }

    private void Tell(ReadOnlySpan<FeedEvent> events)
    {
        foreach (IFeedSubscriber subscriber in _subscribers)
            subscriber.OnEvents(events);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What {Source} tells cannot be taken; how all stands is asked for anew.")]
    private static partial void LogNotTaken(ILogger log, NodeId source, Exception fault);

    private sealed class Subscription(MarketMirror mirror, IFeedSubscriber subscriber) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref mirror._subscribers, (all, one) => all.Remove(one), subscriber);
    }
}

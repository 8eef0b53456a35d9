using System.Collections.Immutable;
using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>What a channel carries.</summary>
internal enum ChannelKind
{
    OrderBook = 0,
    Trades = 1,
    Ticker = 2,
    Candles = 3,
    Orders = 4,
    Positions = 5,
    Balances = 6,

    /// <summary>What the venue makes of a symbol's candles, tape and book.</summary>
    Features = 7,
}

/// <summary>A channel that a stream can subscribe to.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Symbol">Id of the instrument; -1 for channels of an account.</param>
/// <param name="Detail">For order books and trades: place in <see cref="Windows"/>. For candles and features: the <see cref="CandleInterval"/>, or <see cref="AllIntervals"/>.</param>
internal readonly record struct StreamChannel(ChannelKind Kind, int Symbol, int Detail)
{
    private const string Grammar =
        "orderbook@SYMBOL and trades@SYMBOL, each also with @0, @10 or @100 (ms), ticker@SYMBOL, kline@SYMBOL@1m, features@SYMBOL, also with an interval such as @1m, orders, positions, balances";

    /// <summary>Features of every interval.</summary>
    public const int AllIntervals = CandleIntervals.Count;

    private const int DefaultWindow = 1;

    /// <summary>Lengths in ms that changes of a book, or trades, can be gathered for; 0: not at all.</summary>
    public static readonly ImmutableArray<int> Windows = [0, 10, 100];

    private static readonly ImmutableArray<string> WindowTexts = [.. Windows.Select(ms => ms.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Only the account's owner may see it.</summary>
    public bool IsPrivate => Kind is ChannelKind.Orders or ChannelKind.Positions or ChannelKind.Balances;

    /// <summary>Its events are not gathered.</summary>
    public bool IsAtOnce => Kind is ChannelKind.OrderBook or ChannelKind.Trades && Windows[Detail] == 0;

    public static Problem? Parse(string text, InstrumentTable instruments, out StreamChannel channel)
    {
        string[] parts = text.Split('@', 4); // One more than any channel has: a long text of them is not taken apart.
        channel = default;
        ChannelKind? kind = (parts[0], parts.Length) switch
        {
            ("orderbook", 2 or 3) => ChannelKind.OrderBook,
            ("trades", 2 or 3) => ChannelKind.Trades,
            ("ticker", 2) => ChannelKind.Ticker,
            ("kline", 3) => ChannelKind.Candles,
            ("features", 2 or 3) => ChannelKind.Features,
            ("orders", 1) => ChannelKind.Orders,
            ("positions", 1) => ChannelKind.Positions,
            ("balances", 1) => ChannelKind.Balances,
            _ => null,
        };
        if (kind is null)
            return Unknown();

        channel = new StreamChannel(kind.Value, -1, 0);
        if (channel.IsPrivate)
            return null;
        if (instruments.Find(parts[1], "channels", out Instrument instrument) is { } problem)
            return problem;
        int detail = DetailOf(kind.Value, parts.Length == 3 ? parts[2] : null);
        channel = new StreamChannel(kind.Value, instrument.SymbolId, detail);
        return detail < 0 ? Unknown() : null;
    }

    /// <summary>-1: there is no such.</summary>
    private static int DetailOf(ChannelKind kind, string? text) => kind switch
    {
        ChannelKind.Ticker => 0,
        ChannelKind.Features when text is null => AllIntervals,
        ChannelKind.Candles or ChannelKind.Features => CandleIntervals.TryParse(text, out CandleInterval interval) ? (int)interval : -1,
        _ => text is null ? DefaultWindow : WindowTexts.IndexOf(text),
    };

    private static Problem Unknown() => Problems.Field(ErrorCatalogue.BadChannel, "channels", limit: Grammar);
}

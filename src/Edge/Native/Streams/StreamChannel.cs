using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>What a channel carries.</summary>
internal enum ChannelKind
{
    OrderBook = 0,
    Trades = 1,
    Ticker = 2,
    Orders = 3,
    Positions = 4,
    Balances = 5,
}

/// <summary>A channel that a stream can subscribe to.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Symbol">Id of the instrument; -1 for channels of an account.</param>
/// <param name="Window">For order books: place in <see cref="Windows"/>.</param>
internal readonly record struct StreamChannel(ChannelKind Kind, int Symbol, int Window)
{
    private const string Grammar =
        "orderbook@SYMBOL, orderbook@SYMBOL@0 or @10 or @100 (ms), trades@SYMBOL, ticker@SYMBOL, orders, positions, balances";

    private const int DefaultWindow = 1;

    /// <summary>Lengths in ms that changes of a book can be gathered for; 0: not at all.</summary>
    public static ReadOnlySpan<int> Windows => [0, 10, 100];

    /// <summary>Only the account's owner may see it.</summary>
    public bool IsPrivate => Kind >= ChannelKind.Orders;

    public static Problem? Parse(string text, InstrumentTable instruments, out StreamChannel channel)
    {
        string[] parts = text.Split('@');
        channel = default;
        ChannelKind? kind = (parts[0], parts.Length) switch
        {
            ("orderbook", 2 or 3) => ChannelKind.OrderBook,
            ("trades", 2) => ChannelKind.Trades,
            ("ticker", 2) => ChannelKind.Ticker,
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

        int window = parts.Length == 3 ? WindowOf(parts[2]) : DefaultWindow;
        channel = new StreamChannel(kind.Value, instrument.SymbolId, kind == ChannelKind.OrderBook ? window : 0);
        return window < 0 ? Unknown() : null;
    }

    private static int WindowOf(string text)
    {
        for (int i = 0; i < Windows.Length; i++)
        {
            if (text == Windows[i].ToString(CultureInfo.InvariantCulture))
                return i;
        }

        return -1;
    }

    private static Problem Unknown() => Problems.Field(ErrorCatalogue.BadChannel, "channels", limit: Grammar);
}

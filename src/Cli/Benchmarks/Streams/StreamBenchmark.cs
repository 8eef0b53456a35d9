using System.Diagnostics;
using System.Globalization;
using System.Text;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>One symbol's trades to many subscribers, in turns with a bare broadcast of the very same bytes by the same server.</summary>
/// <remarks>
/// In a venue's turn a taker sends one order for each trade; a trade's latency runs from that order to its arrival at a subscriber, the
/// oldest of a message counts. In a bare turn another connection sends the messages that were just heard, at the times they were heard,
/// to an endpoint that does nothing but send them on.
/// </remarks>
internal sealed class StreamBenchmark(Uri server, ServerKeys keys, StreamLoad load, Process process, TimeProvider time)
{
    private const double TurnSeconds = 2;
    private const int WarmUpTurns = 3;

    // Until the server's code is compiled for good, so faster than what is measured where few listen.
    private const int WarmUpMessages = 50_000;
    private const int MostWarmUpTrades = 1_000;
    private const int MostInFlight = 200;
    private const int QuietMs = 300;
    private const string Price = "50000";

    private string _symbol = "";
    private byte[] _order = [];

    /// <exception cref="InvalidDataException">The server refused something; the message says why.</exception>
    public StreamReport Run(Action<double> progress)
    {
        using var administrator = new ServerAdministrator(server, keys, time);
        _symbol = administrator.List("STREAM", BenchListing.Terms);
        using WebSocketConnection maker = LogOn(administrator.CreateTrader("1000000000"));
        using WebSocketConnection taker = LogOn(administrator.CreateTrader("1000000000"));
        Ask(maker, Order("sell", "1000", "gtc"));
        _order = Encoding.UTF8.GetBytes(Order("buy", "0.001", "ioc"));
        using Listeners venue = Connect("/api/v1/stream", Subscription());
        using Listeners bare = Connect("/api/v1/bench/broadcast", null);
        using var source = new WebSocketConnection(server, "/api/v1/bench/broadcast/source");
        return Measure(venue, taker, bare, source, progress);
    }

    private StreamReport Measure(Listeners venue, WebSocketConnection taker, Listeners bare, WebSocketConnection source, Action<double> progress)
    {
        var ours = new StreamFigures();
        var theirs = new StreamFigures();
        int turns = WarmUpTurns + Math.Max(1, (int)(load.Seconds / (2 * TurnSeconds)));
        for (int turn = 0; turn < turns; turn++)
        {
            bool isMeasured = turn >= WarmUpTurns;
            int rate = isMeasured ? load.TradesPerSecond : Math.Max(load.TradesPerSecond, Math.Min(WarmUpMessages / load.Subscribers, MostWarmUpTrades));
            Turn(isMeasured ? ours : new StreamFigures(), venue, () => Trade(venue, taker, rate));
            List<(byte[] Message, long At)> heard = Heard(venue);
            Turn(isMeasured ? theirs : new StreamFigures(), bare, () => Repeat(bare, source, heard));
            progress((turn + 1.0) / turns);
        }

        return StreamReport.From(load, ours, theirs, time.TimestampFrequency);
    }

    private void Turn(StreamFigures figures, Listeners listeners, Func<List<long>> send)
    {
        listeners.Clear();
        process.Refresh();
        TimeSpan before = process.TotalProcessorTime;
        List<long> sent = send();
        long quiet = time.GetTimestamp();
        while (time.GetElapsedTime(quiet).TotalMilliseconds < QuietMs || listeners.Messages.Count < sent.Count || !listeners.HaveAllHeardAll)
        {
            listeners.Hear(1);
            if (time.GetElapsedTime(quiet).TotalSeconds > 20)
                throw new InvalidDataException("Subscribers did not hear all messages within 20 s.");
        }

        process.Refresh();
        figures.Add(listeners, sent, process.TotalProcessorTime - before);
    }

    /// <summary>Trades at the rate; when the oldest trade of each message was ordered.</summary>
    private List<long> Trade(Listeners venue, WebSocketConnection taker, int rate)
    {
        var ordered = new List<long>();
        long start = time.GetTimestamp();
        int trades = (int)(rate * TurnSeconds);
        int answered = 0;
        while (answered < trades)
        {
            // As many as are due by now, up to what may be unanswered: waiting for the clock instead would take a processor.
            while (ordered.Count < trades && ordered.Count - answered < MostInFlight && time.GetElapsedTime(start).TotalSeconds * rate >= ordered.Count)
            {
                ordered.Add(time.GetTimestamp());
                taker.Send(isBinary: false, _order);
            }

            taker.Fill();
            while (taker.TryRead(out ReadOnlySpan<byte> answer))
            {
                Require(answer);
                answered++;
            }

            venue.Hear(1);
        }

        // One trade an order, in order: a message's first trade is the one after all trades of the messages before.
        long quiet = time.GetTimestamp();
        while (venue.Messages.Sum(TradesOf) < trades && time.GetElapsedTime(quiet).TotalSeconds < 10)
            venue.Hear(1);
        var oldest = new List<long>();
        int before = 0;
        foreach (byte[] message in venue.Messages)
        {
            oldest.Add(ordered[before]);
            before += TradesOf(message);
        }

        return before == trades ? oldest : throw new InvalidDataException($"{trades} orders made {before} trades.");
    }

    private List<long> Repeat(Listeners bare, WebSocketConnection source, List<(byte[] Message, long At)> heard)
    {
        var sent = new List<long>();
        long start = time.GetTimestamp();
        while (sent.Count < heard.Count)
        {
            (byte[] message, long at) = heard[sent.Count];
            if (time.GetTimestamp() - start >= at - heard[0].At)
            {
                sent.Add(time.GetTimestamp());
                source.Send(isBinary: false, message);
            }

            bare.Hear(1);
        }

        return sent;
    }

    /// <summary>Each message with the time it was first heard at.</summary>
    private static List<(byte[] Message, long At)> Heard(Listeners venue)
    {
        var first = new long[venue.Messages.Count];
        Array.Fill(first, long.MaxValue);
        foreach ((int message, long at) in venue.Arrivals)
            first[message] = Math.Min(first[message], at);
        return [.. venue.Messages.Select((message, i) => (message, first[i]))];
    }

    private Listeners Connect(string path, string? subscription)
    {
        var connections = new WebSocketConnection[load.Subscribers];
        for (int i = 0; i < connections.Length; i++)
        {
            connections[i] = new WebSocketConnection(server, path);
            if (subscription is not null)
                Ask(connections[i], subscription);
        }

        return new Listeners(connections, time);
    }

    private WebSocketConnection LogOn(string token)
    {
        var connection = new WebSocketConnection(server, "/api/v1/stream");
        Ask(connection, $$"""{"id":1,"op":"authenticate","token":"{{token}}"}""");
        return connection;
    }

    private static void Ask(WebSocketConnection connection, string request)
    {
        connection.Send(isBinary: false, Encoding.UTF8.GetBytes(request));
        Require(connection.Read());
    }

    private static void Require(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\"ok\":true"u8) < 0)
            throw new InvalidDataException($"The server refused: {Encoding.UTF8.GetString(answer)}");
    }

    private string Subscription() =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":1,"op":"subscribe","channels":["trades@{{_symbol}}@{{load.WindowMs}}"]}""");

    private string Order(string side, string qty, string timeInForce) =>
        $$$"""{"id":2,"op":"order.place","body":{"symbol":"{{{_symbol}}}","side":"{{{side}}}","type":"limit","price":"{{{Price}}}","qty":"{{{qty}}}","timeInForce":"{{{timeInForce}}}"}}""";

    private static int TradesOf(byte[] message) => message.AsSpan().Count("\"tradeId\""u8);
}

using System.Diagnostics;
using System.Globalization;
using Exchange.Cli.Benchmarks.Http;
using Exchange.Cli.Http;
using Exchange.Protos;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>Orders and cancels over Protobuf streams, in turns with the same over HTTP, so that both meet the same machine.</summary>
internal sealed class OrderStreamBenchmark(Uri server, ServerKeys keys, OrderStreamLoad load, Process? process, TimeProvider time)
{
    private const int HttpConnections = 256;
    private const double SliceSeconds = 0.5;
    private const int WarmUpTurns = 16;
    private const int PatienceMs = 30_000;

    /// <exception cref="InvalidDataException">The server refused something; the message says why.</exception>
    public OrderStreamReport Run(Action<double> progress)
    {
        using var administrator = new ServerAdministrator(server, keys, time);
        string symbol = administrator.List("ORDERS", BenchListing.Terms);
        using var http = new HttpLoad(HttpBenchmark.Connect(server, administrator, symbol, HttpConnections), time);
        OrderStreamConnection[] streams = [.. Enumerable.Range(0, load.Connections)
            .Select(i => new OrderStreamConnection(server, administrator.CreateTrader("100000000"), Order(symbol, i), load.InFlight))];
        try
        {
            return Measure(http, streams, progress);
        }
        finally
        {
            foreach (OrderStreamConnection stream in streams)
                stream.Dispose();
        }
    }

    private static PlaceOrder Order(string symbol, int connection) => new()
    {
        Symbol = symbol,
        Side = connection % 2 == 0 ? Side.Buy : Side.Sell,
        Type = OrderType.Limit,
        Price = (connection % 2 == 0 ? 49_500 - connection : 50_500 + connection).ToString(CultureInfo.InvariantCulture),
        Qty = "0.01",
        TimeInForce = TimeInForce.Gtx,
    };

    private OrderStreamReport Measure(HttpLoad http, OrderStreamConnection[] streams, Action<double> progress)
    {
        using var events = new SocketEvents();
        for (int i = 0; i < streams.Length; i++)
            events.Watch(streams[i].Socket, i);
        var overStream = new LoadFigures();
        var overHttp = new LoadFigures();
        int turns = WarmUpTurns + Math.Max(1, (int)(load.Seconds / (2 * SliceSeconds)));
        for (int turn = 0; turn < turns; turn++)
        {
            bool isWarm = turn >= WarmUpTurns;
            Turn(isWarm ? overStream : new LoadFigures(), latencies => RunStreams(streams, events, latencies));
            Turn(isWarm ? overHttp : new LoadFigures(), latencies => http.Run(LoadKind.Orders, SliceSeconds, latencies));
            progress((turn + 1.0) / turns);
        }

        return OrderStreamReport.From(load, overStream, overHttp, time.TimestampFrequency);
    }

    private void Turn(LoadFigures figures, Func<List<long>, (int Requests, double Seconds)> run)
    {
        double before = CpuSeconds();
        (int Requests, double Seconds) turn = run(figures.Latencies);
        figures.Add(turn, CpuSeconds() - before);
    }

    private (int Requests, double Seconds) RunStreams(OrderStreamConnection[] streams, SocketEvents events, List<long> latencies)
    {
        long start = time.GetTimestamp();
        foreach (OrderStreamConnection stream in streams)
            stream.SendAll(start, onlyCancels: false);
        int answered = 0;
        while (time.GetElapsedTime(start).TotalSeconds < SliceSeconds)
            answered += Serve(streams, events, latencies, isGoingOn: true);
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        Drain(streams, events);
        foreach (OrderStreamConnection stream in streams)
            stream.SendAll(time.GetTimestamp(), onlyCancels: true);
        Drain(streams, events);
        return (answered, seconds);
    }

    private int Serve(OrderStreamConnection[] streams, SocketEvents events, List<long>? latencies, bool isGoingOn)
    {
        Span<int> ready = stackalloc int[OrderStreamLoad.MostConnections];
        int answered = 0;
        foreach (int stream in ready[..events.Wait(100, ready)])
            answered += streams[stream].Receive(time, latencies, isGoingOn);
        return answered;
    }

    private void Drain(OrderStreamConnection[] streams, SocketEvents events)
    {
        long start = time.GetTimestamp();
        while (Array.Exists(streams, stream => stream.IsOutstanding))
        {
            Serve(streams, events, null, isGoingOn: false);
            if (time.GetElapsedTime(start).TotalMilliseconds > PatienceMs)
                throw new InvalidDataException($"A command was not answered within {PatienceMs} ms.");
        }
    }

    private double CpuSeconds()
    {
        process?.Refresh();
        return process?.TotalProcessorTime.TotalSeconds ?? 0;
    }
}

/// <summary>What <c>exchange bench order-stream</c> does.</summary>
internal sealed record OrderStreamLoad(int Connections, int InFlight, int Seconds)
{
    public const int MostConnections = 100;
}

using System.Diagnostics;
using System.Globalization;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>Orders over HTTP against the same server's endpoint that does nothing, in turns, so that all meet the same machine.</summary>
internal sealed class HttpBenchmark(Uri server, ServerKeys keys, int connections, int seconds, Process? process, TimeProvider time)
{
    private const int ConnectionsPerAccount = 8;
    private const double SliceSeconds = 0.5;
    private const int WarmUpTurns = 24;
    private const int WarmUpRequests = 40_000;

    /// <summary>Parts of the time for as much as the server takes, and for a rate that it is given.</summary>
    private const int ClosedSlices = 3;

    private const int OpenSlices = 2;

    private readonly LoadFigures _bearer = new();
    private readonly LoadFigures _signed = new();
    private readonly LoadFigures _noop = new();
    private readonly LoadFigures _openBearer = new();
    private readonly LoadFigures _openSigned = new();

    /// <exception cref="InvalidDataException">The server refused something; the message says why.</exception>
    public HttpReport Run(Action<double> progress)
    {
        using var load = new HttpLoad(Connect(), time);
        return Measure(load, progress);
    }

    private LoadConnection[] Connect()
    {
        using var administrator = new ServerAdministrator(server, keys, time);
        return Connect(server, administrator, administrator.List("BENCH", BenchListing.Terms), connections);
    }

    /// <summary>Connections that trade a symbol, eight to an account.</summary>
    public static LoadConnection[] Connect(Uri server, ServerAdministrator administrator, string symbol, int connections)
    {
        Trader[] traders = [.. Enumerable.Range(0, (connections + ConnectionsPerAccount - 1) / ConnectionsPerAccount)
            .Select(_ => administrator.CreateSigningTrader("1000000"))];
        return [.. Enumerable.Range(0, connections).Select(i => new LoadConnection(server, traders[i / ConnectionsPerAccount], symbol, Order(symbol, i)))];
    }

    /// <summary>Bids below the index and offers above it, each connection at a price of its own.</summary>
    private static string Order(string symbol, int connection)
    {
        bool isBuy = connection % 2 == 0;
        int price = isBuy ? 49_900 - connection : 50_100 + connection;
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"symbol":"{{symbol}}","side":"{{(isBuy ? "buy" : "sell")}}","type":"limit","price":"{{price}}","qty":"0.01","timeInForce":"gtx"}""");
    }

    private HttpReport Measure(HttpLoad load, Action<double> progress)
    {
        WarmUp(load);
        int turns = Math.Max(1, (int)(seconds / ((ClosedSlices + OpenSlices) * SliceSeconds)));
        for (int turn = 0; turn < turns; turn++)
        {
            Turn(_bearer, latencies => load.Run(LoadKind.Orders, SliceSeconds, latencies));
            Turn(_noop, latencies => load.Run(LoadKind.Noop, SliceSeconds, latencies));
            Turn(_signed, latencies => load.Run(LoadKind.Signed, SliceSeconds, latencies));
            progress((turn + 1.0) / turns / 2);
        }

        // Half of what the server takes: there an order should wait for nothing but its journal.
        for (int turn = 0; turn < turns; turn++)
        {
            Turn(_openBearer, latencies => load.RunOpen(LoadKind.Orders, SliceSeconds, Medians.Of(_bearer.PerSecond) / 2, latencies));
            Turn(_openSigned, latencies => load.RunOpen(LoadKind.Signed, SliceSeconds, Medians.Of(_signed.PerSecond) / 2, latencies));
            progress(0.5 + (turn + 1.0) / turns / 2);
        }

        long frequency = time.TimestampFrequency;
        return new HttpReport
        {
            Connections = connections,
            Turns = turns,
            Bearer = HttpFigures.From(_bearer, _noop, frequency),
            Signed = HttpFigures.From(_signed, _noop, frequency),
            Nothing = HttpFigures.From(_noop, null, frequency),
            BearerAtHalf = HttpFigures.From(_openBearer, null, frequency),
            SignedAtHalf = HttpFigures.From(_openSigned, null, frequency),
        };
    }

    /// <summary>
    /// Until all ways through the server are compiled for good: that takes it tens of thousands of requests, and until then an order,
    /// whose way is the longer one, looks dearer than it is.
    /// </summary>
    private static void WarmUp(HttpLoad load)
    {
        LoadKind[] kinds = [LoadKind.Orders, LoadKind.Signed, LoadKind.Noop];
        var done = new int[kinds.Length];
        for (int turn = 0; turn < WarmUpTurns && done.Min() < WarmUpRequests; turn++)
        {
            for (int kind = 0; kind < kinds.Length; kind++)
                done[kind] += load.Run(kinds[kind], SliceSeconds, null).Requests;
        }
    }

    private void Turn(LoadFigures figures, Func<List<long>, (int Requests, double Seconds)> run)
    {
        double before = CpuSeconds();
        (int Requests, double Seconds) turn = run(figures.Latencies);
        figures.Add(turn, CpuSeconds() - before);
    }

    private double CpuSeconds()
    {
        process?.Refresh();
        return process?.TotalProcessorTime.TotalSeconds ?? 0;
    }
}

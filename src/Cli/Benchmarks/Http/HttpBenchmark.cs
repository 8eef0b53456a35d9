using System.Diagnostics;
using System.Globalization;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>Orders over HTTP against the same server's endpoint that does nothing, in turns, so that both meet the same machine.</summary>
internal sealed class HttpBenchmark(Uri server, ServerKeys keys, int connections, int seconds, Process? process, TimeProvider time)
{
    private const int ConnectionsPerAccount = 8;
    private const double SliceSeconds = 0.5;
    private const int WarmUpTurns = 24;
    private const int WarmUpRequests = 40_000;

    /// <exception cref="InvalidDataException">The server refused something; the message says why.</exception>
    public HttpReport Run(Action<double> progress)
    {
        LoadConnection[] made = Connect();
        try
        {
            return Measure(new HttpLoad(made, time), progress);
        }
        finally
        {
            foreach (LoadConnection connection in made)
                connection.Dispose();
        }
    }

    private LoadConnection[] Connect()
    {
        using var administrator = new ServerAdministrator(server, keys, time);
        return Connect(server, administrator, administrator.List("BENCH", BenchListing.Terms), connections);
    }

    /// <summary>Connections that trade a symbol, eight to an account.</summary>
    public static LoadConnection[] Connect(Uri server, ServerAdministrator administrator, string symbol, int connections)
    {
        string[] tokens = [.. Enumerable.Range(0, (connections + ConnectionsPerAccount - 1) / ConnectionsPerAccount)
            .Select(_ => administrator.CreateTrader("1000000"))];
        return [.. Enumerable.Range(0, connections).Select(i => new LoadConnection(server, tokens[i / ConnectionsPerAccount], symbol, Order(symbol, i)))];
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
        var orders = new LoadFigures();
        var noop = new LoadFigures();
        int turns = Math.Max(1, (int)(seconds / (2 * SliceSeconds)));
        for (int turn = 0; turn < turns; turn++)
        {
            Turn(load, LoadKind.Orders, orders);
            Turn(load, LoadKind.Noop, noop);
            progress((turn + 1.0) / turns);
        }

        return HttpReport.From(connections, orders, noop, time.TimestampFrequency);
    }

    /// <summary>
    /// Until both ways through the server are compiled for good: that takes it tens of thousands of requests, and until then an order,
    /// whose way is the longer one, looks dearer than it is.
    /// </summary>
    private static void WarmUp(HttpLoad load)
    {
        int orders = 0;
        int noop = 0;
        for (int turn = 0; turn < WarmUpTurns && Math.Min(orders, noop) < WarmUpRequests; turn++)
        {
            orders += load.Run(LoadKind.Orders, SliceSeconds, null).Requests;
            noop += load.Run(LoadKind.Noop, SliceSeconds, null).Requests;
        }
    }

    private void Turn(HttpLoad load, LoadKind kind, LoadFigures figures)
    {
        double before = CpuSeconds();
        (int Requests, double Seconds) turn = load.Run(kind, SliceSeconds, figures.Latencies);
        figures.Add(turn, CpuSeconds() - before);
    }

    private double CpuSeconds()
    {
        process?.Refresh();
        return process?.TotalProcessorTime.TotalSeconds ?? 0;
    }
}

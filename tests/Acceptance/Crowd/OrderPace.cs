using System.Text.Json;

namespace Exchange.Acceptance.Crowd;

/// <summary>A well-behaved client: places an order and takes it back, one request after the other, and notes how long each answer took.</summary>
/// <param name="trader">Who it is.</param>
/// <param name="symbol">Where it trades.</param>
/// <param name="price">Below the market.</param>
/// <param name="every">How often it places an order; null: again as soon as the one before is gone.</param>
internal sealed class OrderPace(ApiClient trader, string symbol, string price, TimeSpan? every = null)
{
    /// <summary>Trades for a while.</summary>
    /// <returns>How long its answers took, the shortest first.</returns>
    public async Task<List<double>> Run(TimeSpan length)
    {
        List<double> tookMs = [];
        using PeriodicTimer? pace = every is null ? null : new PeriodicTimer(every.Value);
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < length)
        {
            ApiReply placed = await Timed(tookMs, () => trader.Place($$"""{"symbol":"{{symbol}}","side":"buy","type":"limit","price":"{{price}}","qty":"0.01"}"""));
            string order = placed.Required(201)["orderId"];
            (await Timed(tookMs, () => trader.Delete($"/api/v1/orders/{order}?symbol={symbol}"))).Required();
            if (pace is not null)
                await pace.WaitForNextTickAsync();
        }

        tookMs.Sort();
        return tookMs;
    }

    public static double P99(List<double> sorted) => sorted[(int)((sorted.Count - 1) * 0.99)];

    /// <summary>What of several windows is told: the middle one.</summary>
    public static double Median(IEnumerable<double> windows)
    {
        double[] sorted = [.. windows.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<ApiReply> Timed(List<double> tookMs, Func<Task<ApiReply>> request)
    {
        long sent = TimeProvider.System.GetTimestamp();
        ApiReply reply = await request();
        tookMs.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        return reply;
    }
}

using Exchange.Core.MarketData.Computed;
using Exchange.Core.Port;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Native.Features;

/// <summary>Moves the venue's own features on: it looks at what readers are shown, and nothing waits for it.</summary>
internal sealed partial class FeatureFeeder(IExchange exchange, MarketFeatures features, TimeProvider time, ILogger<FeatureFeeder> log) : BackgroundService
{
    private const int PassMs = 100;

    /// <summary>Candles of a pass: about a tenth of a pass's time, also where many wait at a start.</summary>
    private const int CandlesOfAPass = 5_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(PassMs), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Pass();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private void Pass()
    {
        if (!exchange.IsReady)
            return;
        try
        {
            features.Advance(exchange, exchange.Instruments, CandlesOfAPass);
        }
        catch (Exception fault)
        {
            LogFault(log, fault);   // They are derived: the next pass goes on.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The venue's own features did not go on; tried again.")]
    private static partial void LogFault(ILogger log, Exception fault);
}

using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>Runs the demo market beside the server, step after step, until it is disposed; a step that has begun is finished.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const int FirstSteps = 8;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _running;

    private DemoRun(DemoMarket market, IExchange exchange, DemoOptions options, StartMessages messages, TimeProvider clock) =>
        _running = Run(market, exchange, options, messages, clock);

    /// <summary>Null: it was not asked for, or there is no symbol to run it on.</summary>
    public static async Task<DemoRun?> StartIfAsked(IExchange exchange, DemoOptions options, StartMessages messages, TimeProvider clock)
    {
        if (!options.Run)
            return null;
        DemoMarket? market = await DemoMarket.Open(exchange, options, CancellationToken.None);
        if (market is null)
        {
            messages.Say("No demo market: no symbol has a fixed index to start from.");
            return null;
        }

        // Whoever comes as soon as the server says that it listens finds a full book.
        for (int step = 0; step < FirstSteps; step++)
            await StepUnlessOverloaded(market);
        messages.Say($"A demo market runs on {string.Join(" and ", market.Symbols)}, seed {options.Seed}: house accounts trade around a made-up index.");
        return new DemoRun(market, exchange, options, messages, clock);
    }

    private async Task Run(DemoMarket market, IExchange exchange, DemoOptions options, StartMessages messages, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.StepMs), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token))
            {
                // With the disk nearly full the venue takes cancels only.
                if (exchange.Health == VenueHealth.Ok)
                    await StepUnlessOverloaded(market);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception failure) when (failure is VenueStoppedException or InvalidOperationException)
        {
            messages.Fail($"The demo market stopped: {failure.Message}");
        }
    }

    /// <summary>A step that finds no room in the queue is left to the next one.</summary>
    private static async Task StepUnlessOverloaded(DemoMarket market)
    {
        try
        {
            await market.Step();
        }
        catch (VenueOverloadedException)
        {
            // Others come first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _running;
        _stopped.Dispose();
    }
}

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Waits for what another thread brings about.</summary>
internal static class Condition
{
    public static async Task Holds(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
            await pace.WaitForNextTickAsync(patience.Token);
    }
}

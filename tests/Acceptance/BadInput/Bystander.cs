using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.BadInput;

/// <summary>A client that trades from before an attack until after it, to whom it must make no difference.</summary>
internal static class Bystander
{
    /// <summary>Of an order's answer; most of it is for a machine that runs other tests.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    public static async Task TradesDuring(ServerProcess server, Func<Task> attack)
    {
        using var over = new CancellationTokenSource();
        Task<TimeSpan> trading = Trade(server, over.Token);
        await attack();
        await over.CancelAsync();

        Assert.True(await trading < LongestAnswer, $"An order took {await trading}.");
        using ApiClient alice = server.As("alice");
        (await alice.Get("/api/v1/account")).Required();
    }

    /// <summary>The time of the slowest order.</summary>
    private static async Task<TimeSpan> Trade(ServerProcess server, CancellationToken over)
    {
        using ApiClient bob = server.As("bob");
        TimeSpan slowest = TimeSpan.Zero;
        do
        {
            long started = TimeProvider.System.GetTimestamp();
            (await bob.Place("""{"symbol":"ETHUSDT","side":"buy","type":"limit","price":"2990","qty":"0.01","timeInForce":"ioc"}""")).Required(201);
            TimeSpan took = TimeProvider.System.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
        }
        while (!over.IsCancellationRequested);

        return slowest;
    }
}

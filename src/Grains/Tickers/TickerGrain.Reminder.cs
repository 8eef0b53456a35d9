using Exchange.Core.Nodes;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Tickers;

/// <content>Is woken where nobody asks for it: a funding round that is due waits for its mark.</content>
/// <remarks>A reminder is minutes coarse and only calls the grain into life; the round's own time decides when it is settled.</remarks>
public sealed partial class TickerGrain : IRemindable
{
    private const string Awake = "awake";

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _ = AskToBeWoken();
    }

    Task IRemindable.ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task AskToBeWoken()
    {
        TimeSpan period = TimeSpan.FromSeconds(Services.Options.WakeSeconds);
        try
        {
            await this.RegisterOrUpdateReminder(Awake, period, period);
        }
        catch (Exception cause)
        {
            // It is only for the case that this silo ends and nobody asks; the next activation asks to be woken again.
            LogNotReminded(Services.Log, Id, cause.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Ticker} will not be woken should its silo end: {Cause}")]
    private static partial void LogNotReminded(ILogger log, NodeId ticker, string cause);
}

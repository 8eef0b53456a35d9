using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Port;

/// <summary>Hears of one account for one subscriber: asks, tells, and asks again from where it came to.</summary>
/// <remarks>
/// One question is under way at a time, so nothing overtakes; each names what was taken, so nothing is lost whoever ends. An
/// activation that takes another's place is asked from the same cursor. A fault that does not pass ends the subscription.
/// </remarks>
/// <param name="account">Whose it is.</param>
/// <param name="hear">Asks the account for what happened since a cursor.</param>
/// <param name="stopping">The silo ends.</param>
internal sealed partial class OwnListener(
    uint account, Func<OwnCursor, ValueTask<OwnNews>> hear, IOwnSubscriber subscriber, TimeProvider time, ILogger log,
    CancellationToken stopping)
{
    private volatile bool _isEnded;

    private bool IsOver => _isEnded || stopping.IsCancellationRequested;

    /// <param name="from">Where the subscription's answer ended.</param>
    /// <returns>Ends with the subscription.</returns>
    public Task Begin(OwnCursor from) => Task.Run(() => Listen(from));

    public void End() => _isEnded = true;

    private async Task Listen(OwnCursor from)
    {
        try
        {
            while (!IsOver)
            {
                if (await Ask(from) is not { } news)
                    await GrainAsking.Pause(time, stopping);
                else if (IsOver || !TryTell(news))
                    return;
                else
                    from = news.Next;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The edge, which tells subscribers so, ends too.
        }
        catch (Exception fault)
        {
            LogBroken(log, account, fault);
            subscriber.OnBroken();
        }
    }

    /// <summary>Null: it ends, or is not up yet; what it says next begins at the same place.</summary>
    private async ValueTask<OwnNews?> Ask(OwnCursor from)
    {
        try
        {
            return await hear(from);
        }
        catch (Exception cause) when (GrainAsking.IsPassing(cause))
        {
            return null;
        }
    }

    private bool TryTell(OwnNews news)
    {
        if (news.Refusal != CursorRefusal.None)
            subscriber.OnBroken();
        else if (news.Events.Length != 0)
            subscriber.OnOwnEvents(news.Events);
        return news.Refusal == CursorRefusal.None;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscription to account {Account} ends: what happens to it cannot be told on.")]
    private static partial void LogBroken(ILogger log, uint account, Exception fault);
}

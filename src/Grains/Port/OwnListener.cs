using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Port;

/// <summary>Hears of one account for one subscriber: asks, tells, and asks again from where it came to.</summary>
/// <remarks>
/// One question is under way at a time, so nothing overtakes; each names what was taken, so nothing is lost whoever ends. An
/// activation that takes another's place is asked from the same cursor.
/// </remarks>
internal sealed class OwnListener(IPositionGrain account, IOwnSubscriber subscriber, TimeProvider time, CancellationToken stopping)
{
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    /// <param name="from">Where the subscription's answer ended.</param>
    public void Begin(OwnCursor from) => _ = Task.Run(() => Listen(from));

    public void End() => _ended.Cancel();

    private async Task Listen(OwnCursor from)
    {
        try
        {
            while (!_ended.IsCancellationRequested)
            {
                if (await Ask(from) is not { } news)
                    await GrainAsking.Pause(time, _ended.Token);
                else if (_ended.IsCancellationRequested || !TryTell(news))
                    return;
                else
                    from = news.Next;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>Null: it ends, or is not up yet; what it says next begins at the same place.</summary>
    private async ValueTask<OwnNews?> Ask(OwnCursor from)
    {
        try
        {
            return await account.Hear(from.ToString(), int.MaxValue, waits: true);
        }
        catch (Exception)
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
}

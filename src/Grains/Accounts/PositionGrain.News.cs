using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Accounts;

/// <content>What happens to the account, for the edges that its users are at.</content>
/// <remarks>
/// Who listens asks again and again, each time from where the answer before ended: that is the acknowledgement, and the place where
/// the next activation goes on, wherever it lives. The account keeps no list of listeners that could be wrong.
/// </remarks>
public sealed partial class PositionGrain
{
    /// <summary>Rows that are kept for those who listen: what may happen while an answer is on its way.</summary>
    private const int KeptForListeners = 8_192;
    private TaskCompletionSource? _news;

    public async ValueTask<OwnNews> Hear(string? after, int most, bool waits)
    {
        OwnCursor begin = after is null ? _feed.Now
            : OwnCursor.TryParse(after, out OwnCursor named) ? named
            : throw new ArgumentException("It is no cursor.", nameof(after));
        _feed.Keep(KeptForListeners);
        var events = new List<OwnEvent>();
        for (bool hasWaited = false; !IsOver; hasWaited = true)
        {
            OwnCursor next = begin;
            CursorRefusal refusal = _feed.ReadSince(ref next, most, events);
            if (refusal != CursorRefusal.None)
                return new OwnNews(refusal, begin, [], begin);
            if (events.Count != 0 || !waits || hasWaited)
                return new OwnNews(refusal, begin, [.. events], next);
            if (IsEnding)
                break;
            _news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _news.Task
                .WaitAsync(TimeSpan.FromMilliseconds(IPositionGrain.NewsPatienceMs), Services.Time, Services.Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        throw Ended();
    }
}

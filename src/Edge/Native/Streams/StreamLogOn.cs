using System.Net;
using System.Text;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Limits;

namespace Exchange.Edge.Native.Streams;

/// <summary>Lets streams in: the same credentials, bounds and limits as for requests.</summary>
internal sealed class StreamLogOn(Authenticator authenticator, ClientLimits limits, StreamCounts counts, TimeProvider time)
{
    /// <summary>Checks a log-on and counts the stream for its key; <see cref="Release"/> ends that.</summary>
    /// <remarks>
    /// One that is stamped ahead of the clock waits for its time, at most a second: a log-on is recorded nowhere, so this alone keeps it
    /// from being repeated after a restart.
    /// </remarks>
    public async ValueTask<(Problem? Problem, Caller Caller)> Take(StreamRequest request, IPAddress? address)
    {
        if (limits.TakeForAddress(null, address, RequestCharge.Usual, isLast: true) is { } tooMuch)
            return (tooMuch, default);
        Problem? problem = Check(request, address, out Caller caller, out SignatureUse use);
        if (problem is null && caller.IsSigned)
            problem = await authenticator.TakeOnce(caller, use);
        if (problem is not null)
        {
            limits.OnRefused(null, address, problem.Entry);
            return (problem, caller);
        }

        if (!counts.ByKey.TryTake(caller.KeyId!))
            return (new Problem(ErrorCatalogue.TooManyStreams) { Limit = $"{counts.ByKey.Most}" }, caller);
        if (caller.IsSigned)
            await Until(use.TimestampMs);
        return (null, caller);
    }

    public void Release(in Caller caller)
    {
        if (caller.KeyId is not null)
            counts.ByKey.Release(caller.KeyId);
    }

    private async ValueTask Until(long timestampMs)
    {
        long aheadMs = timestampMs - authenticator.NowMs();
        if (aheadMs <= 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(aheadMs), time);
        await timer.WaitForNextTickAsync();
    }

    private Problem? Check(StreamRequest request, IPAddress? address, out Caller caller, out SignatureUse use)
    {
        use = default;
        return request.TokenText is not null
            ? authenticator.CheckToken(request.TokenText, address, out caller)
            : authenticator.CheckSignature(
                request.Signed, address, Encoding.ASCII.GetBytes($"{request.Signed.Timestamp}\nGET\n{StreamSession.Path}\n"), out caller, out use);
    }
}

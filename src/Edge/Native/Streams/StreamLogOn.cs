using System.Net;
using System.Text;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Limits;

namespace Exchange.Edge.Native.Streams;

/// <summary>Lets streams in: the same credentials, bounds and limits as for requests.</summary>
internal sealed class StreamLogOn(Authenticator authenticator, ClientLimits limits, StreamCounts counts)
{
    /// <summary>Checks a log-on and counts the stream for its key; <see cref="Release"/> ends that.</summary>
    public Problem? Take(StreamRequest request, IPAddress? address, out Caller caller)
    {
        caller = default;
        Problem? problem = limits.TakeForAddress(null, address, RequestCharge.Usual);
        if (problem is not null)
            return problem;
        problem = request.TokenText is not null
            ? authenticator.CheckToken(request.TokenText, address, out caller)
            : authenticator.CheckSignature(
                request.Signed, address, Encoding.ASCII.GetBytes($"{request.Signed.Timestamp}\nGET\n{StreamSession.Path}\n"), isChanging: true, out caller);
        if (problem is not null)
        {
            limits.OnRefused(address, problem.Entry);
            return problem;
        }

        return counts.ByKey.TryTake(caller.KeyId!) ? null : new Problem(ErrorCatalogue.TooManyStreams) { Limit = $"{counts.ByKey.Most}" };
    }

    public void Release(in Caller caller)
    {
        if (caller.KeyId is not null)
            counts.ByKey.Release(caller.KeyId);
    }
}

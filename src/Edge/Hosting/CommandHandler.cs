using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Hosting;

/// <summary>An operation that is one command: what is sent to the venue, and how its reply is told when it was carried out.</summary>
/// <remarks>
/// Its endpoint waits for the venue, not each method on the way there: what a request costs when its answer comes is mostly the number of
/// methods that go on then.
/// </remarks>
/// <param name="Submit">Sends the command.</param>
/// <param name="Tell">Writes the answer.</param>
internal sealed record CommandHandler(Func<EdgeRequest, ValueTask<Submission>> Submit, Action<EdgeRequest, CommandReply, Instrument> Tell)
{
    /// <summary>The venue's refusal; null: it has been answered.</summary>
    public Problem? Answer(EdgeRequest request, CommandReply reply, Instrument instrument)
    {
        Problem? refusal = Venue.Refusal(reply, instrument);
        if (refusal is null)
            Tell(request, reply, instrument);
        return refusal;
    }
}

/// <summary>A command on its way to the venue, or why it was not sent.</summary>
/// <param name="Problem">Null: it was sent.</param>
/// <param name="Pending">The venue's reply.</param>
/// <param name="Instrument">Gives the reply's units.</param>
internal readonly record struct Submission(Problem? Problem, ValueTask<CommandReply> Pending, Instrument Instrument)
{
    public static Submission Refused(Problem problem) => new(problem, default, null!);
}

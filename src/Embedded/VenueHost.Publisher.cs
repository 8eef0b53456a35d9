using Exchange.Core.Port;

namespace Exchange.Embedded;

// The publisher's thread: waits for durability, tells the readers, completes the requests.
public sealed partial class VenueHost
{
    private void RunPublisher()
    {
        try
        {
            while (true)
            {
                if (_publications.TryPeek(out VenueRequest? request, out ulong sequence, out ReadOnlySpan<FeedEvent> events))
                {
                    if (!WaitDurable(sequence))
                        break;
                    Tell(request, sequence, events);
                    request?.OnDurable(events);
                    _publications.Advance();
                }
                else if (_engineIsDone)
                {
                    if (_publications.IsEmpty)
                        break;
                }
                else
                {
                    ParkPublisher();
                }
            }
        }
#pragma warning disable CA1031 // A reader that throws has lost its place: the venue stops rather than show wrong data.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            Fail(new VenueStoppedException("A reader behind the journal broke.", broken));
        }

        if (Failure is not null)
            AbandonPublications();
    }

    private bool WaitDurable(ulong sequence)
    {
        if (_journal.DurableSequence >= sequence || _journal.WaitDurable(sequence))
            return true;
        Fail(new VenueStoppedException("The journal failed: what was not acknowledged is unknown."));
        return false;
    }

    private void Tell(VenueRequest? request, ulong sequence, ReadOnlySpan<FeedEvent> events)
    {
        if (_reader is null || events.IsEmpty)
            return;
        if (request is null)
            _reader.OnInput(in _tick, null, sequence, events);
        else
            _reader.OnInput(in request.Command, request.Listing, sequence, events);
    }

    private void ParkPublisher()
    {
        _published.Prepare();
        if (!_publications.IsEmpty || _engineIsDone)
            _published.Cancel();
        else
            _published.Wait(1_000);
    }

    /// <summary>After a failure: what was applied but is not known to be durable gets no answer but "unknown".</summary>
    private void AbandonPublications()
    {
        while (!_engineIsDone || !_publications.IsEmpty)
        {
            if (!_publications.TryPeek(out VenueRequest? request, out _, out _))
            {
                ParkPublisher();
                continue;
            }

            request?.OnStopped(Failure);
            _publications.Advance();
        }
    }
}

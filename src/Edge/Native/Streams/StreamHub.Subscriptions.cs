using Exchange.Core.Port;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <content>Who listens to what. Everything here runs on the hub's loop, so that it stands between two events.</content>
internal sealed partial class StreamHub
{
    public const int ChannelsPerStream = 200;

    /// <summary>Events that a resumed stream is told again; who missed more reads its orders and account anew.</summary>
    private const int MostMissed = 1_000;

    public void Join(StreamConnection connection) => Ask(() => _connections.Add(connection));

    public void Leave(StreamConnection connection) => Ask(() =>
    {
        _connections.Remove(connection);
        foreach (StreamChannel channel in connection.Channels)
            Remove(connection, channel);
        connection.Channels.Clear();
        foreach (OwnStream own in connection.OwnStreams)
            own.End();
        connection.OwnStreams.Clear();
    });

    /// <summary>Answers the request, then sends where each channel stands or what it missed, then what follows.</summary>
    public void Subscribe(StreamConnection connection, StreamRequest request) => AskInOrder(connection, () =>
    {
        if (connection.Channels.Union(request.Channels).Count() > ChannelsPerStream)
            Refuse(connection, request, new Problem(ErrorCatalogue.TooManyChannels) { Limit = $"{ChannelsPerStream}" });
        else if (request.Channels.Exists(channel => channel.IsPrivate))
            SubscribeAccount(connection, request);
        else
            Answer(connection, request, cursor: null);
    });

    public void Unsubscribe(StreamConnection connection, long? id, List<StreamChannel> channels) => AskInOrder(connection, () =>
    {
        foreach (StreamChannel channel in channels)
        {
            if (connection.Channels.Remove(channel))
                Remove(connection, channel);
        }

        _delivery.Send(connection, connection.Messages.Done(id, null));
    });

    /// <summary>Closes all streams: the server stops.</summary>
    public void EndAll() => Ask(() =>
    {
        foreach (StreamConnection connection in _connections)
            connection.End(StreamEnd.Stopping);
    });

    /// <summary>Tells an event of its account on a stream.</summary>
    public void Send(StreamConnection connection, in OwnEvent told)
    {
        FeedEvent happened = told.Happened;
        string cursor = told.Cursor.ToString();
        IStreamMessages format = connection.Messages;
        _delivery.Send(connection, happened.Kind switch
        {
            FeedKind.Position => format.Position(happened, cursor, _exchange.Instruments[happened.Symbol]),
            FeedKind.Balance => format.Balance(happened, cursor),
            FeedKind.Fill => format.Fill(happened, cursor, FillView.Of(in happened), _exchange.Instruments[happened.Symbol]),
            _ => format.Order(happened, cursor, told.Order!, _exchange.Instruments[happened.Symbol]),
        });
    }

    /// <summary>What one stream asks is done in order: behind a subscription that the venue has not answered the next waits.</summary>
    private void AskInOrder(StreamConnection connection, Action act) => Ask(() =>
    {
        if (!_connections.Contains(connection))
            return;
        if (connection.Subscribing is { } behind)
            behind.Enqueue(act);
        else
            act();
    });

    private void SubscribeAccount(StreamConnection connection, StreamRequest request)
    {
        OwnCursor? after = null;
        if (request.Cursor is not null)
        {
            if (!OwnCursor.TryParse(request.Cursor, out OwnCursor cursor))
            {
                Refuse(connection, request, Problems.Field(ErrorCatalogue.BadCursor, "cursor"));
                return;
            }

            // Once: to tell it again and again would cost all who share the loop.
            if (connection.HasResumed)
            {
                Refuse(connection, request, new Problem(ErrorCatalogue.AlreadyResumed));
                return;
            }

            after = cursor;
        }

        // What it hears already it goes on hearing; who names a cursor has heard nothing since.
        var own = new OwnStream(this, connection, request.Channels.Where(channel => after is not null || !connection.Channels.Contains(channel)));
        ValueTask<OwnSubscription> asked = _exchange.SubscribeAccount(connection.Account, after, MostMissed, own, CancellationToken.None);
        if (asked.IsCompletedSuccessfully)
        {
            Take(connection, request, own, asked.Result);
            return;
        }

        connection.Subscribing = [];
        _ = TakeWhenAnswered(connection, request, own, asked.AsTask());
    }

    private async Task TakeWhenAnswered(StreamConnection connection, StreamRequest request, OwnStream own, Task<OwnSubscription> asked)
    {
        OwnSubscription? answer = null;
        try
        {
            answer = await asked.WaitAsync(_orderPatience, _time);
        }
        catch (Exception failed)
        {
            if (failed is not (TimeoutException or VenueStoppedException or VenueOverloadedException))
                LogUnanswered(failed);

            // Should it be answered yet, nobody wants it any more.
            _ = asked.ContinueWith(late => late.Result.Dispose(), CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        Ask(() =>
        {
            Queue<Action> behind = connection.Subscribing!;
            connection.Subscribing = null;
            if (answer is null)
                Refuse(connection, request, new Problem(ErrorCatalogue.NotReady));
            else
                Take(connection, request, own, answer);
            while (behind.TryDequeue(out Action? next))
            {
                if (connection.Subscribing is { } again)
                    again.Enqueue(next);
                else
                    next();
            }
        });
    }

    private void Take(StreamConnection connection, StreamRequest request, OwnStream own, OwnSubscription answer)
    {
        if (!_connections.Contains(connection))
        {
            answer.Dispose();
            return;
        }

        Problem? problem = answer.Refusal switch
        {
            CursorRefusal.None => null,
            CursorRefusal.TooOld => new Problem(ErrorCatalogue.CursorTooOld),
            _ => Problems.Field(ErrorCatalogue.BadCursor, "cursor"),
        };
        if (problem is null && answer.Missed.Any(missed => own.Carries(in missed) && OwnStream.IsUntold(in missed)))
            problem = new Problem(ErrorCatalogue.CursorTooOld);
        if (problem is not null)
        {
            answer.Dispose();
            Refuse(connection, request, problem);
            return;
        }

        // The cursor stands before what was missed: should that not arrive, the client resumes from there once more.
        connection.HasResumed |= request.Cursor is not null;
        foreach (StreamChannel channel in request.Channels)
        {
            if (channel.IsPrivate && request.Cursor is not null)
                Remove(connection, channel);
        }

        if (!own.IsEmpty)
            connection.OwnStreams.Add(own);
        Answer(connection, request, request.Cursor ?? answer.Begin.ToString(), () => own.Open(answer));
    }

    private void Refuse(StreamConnection connection, StreamRequest request, Problem problem) =>
        _delivery.Send(connection, connection.Messages.Refused(request.Id, problem));

    private void Answer(StreamConnection connection, StreamRequest request, string? cursor, Action? openOwn = null)
    {
        _delivery.Send(connection, connection.Messages.Done(request.Id, cursor));
        openOwn?.Invoke();
        foreach (StreamChannel channel in request.Channels.Distinct())
        {
            bool isNew = connection.Channels.Add(channel);
            if (channel.IsPrivate)
                continue;
            if (isNew)
                CountIn(channel);
            Activate(channel.Symbol).Add(channel, connection, NowMs());
        }
    }

    private void Remove(StreamConnection connection, in StreamChannel channel)
    {
        if (!channel.IsPrivate)
        {
            SymbolOf(channel.Symbol).Remove(channel, connection);
            CountOut(channel);
            return;
        }

        foreach (OwnStream own in connection.OwnStreams)
            own.Remove(channel.Kind);
        connection.OwnStreams.RemoveAll(own => own.IsEmpty);
    }
}

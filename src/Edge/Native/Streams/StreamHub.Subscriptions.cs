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
    });

    /// <summary>Answers the request, then sends where each channel stands or what it missed, then what follows.</summary>
    public void Subscribe(StreamConnection connection, StreamRequest request) => Ask(() =>
    {
        if (!_connections.Contains(connection))
            return;
        Problem? problem = connection.Channels.Union(request.Channels).Count() > ChannelsPerStream
            ? new Problem(ErrorCatalogue.TooManyChannels) { Limit = $"{ChannelsPerStream}" }
            : null;
        List<Func<IStreamMessages, byte[]>> missed = [];
        problem ??= ReadMissed(connection, request, missed);
        if (problem is not null)
        {
            _delivery.Send(connection, connection.Messages.Refused(request.Id, problem));
            return;
        }

        // The cursor stands before what was missed: should that not arrive, the client resumes from there once more.
        string? cursor = request.Channels.Exists(channel => channel.IsPrivate) ? request.Cursor ?? CursorNow() : null;
        _delivery.Send(connection, connection.Messages.Done(request.Id, cursor));
        foreach (Func<IStreamMessages, byte[]> make in missed)
            _delivery.Send(connection, make(connection.Messages));
        foreach (StreamChannel channel in request.Channels.Distinct())
        {
            connection.Channels.Add(channel);
            Add(connection, channel);
        }
    });

    public void Unsubscribe(StreamConnection connection, long? id, List<StreamChannel> channels) => Ask(() =>
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

    private string CursorNow() => new StreamCursor(_count, _ownEvents.Last).ToString();

    /// <summary>What happened on the account's channels since the request's cursor; nothing without one.</summary>
    private Problem? ReadMissed(StreamConnection connection, StreamRequest request, List<Func<IStreamMessages, byte[]>> missed)
    {
        if (request.Cursor is null)
            return null;
        if (!StreamCursor.TryParse(request.Cursor, out StreamCursor cursor) || (cursor.Count == _count && cursor.Number > _ownEvents.Last))
            return Problems.Field(ErrorCatalogue.BadCursor, "cursor");

        // Once: to tell it again and again would cost all who share the loop.
        if (connection.HasResumed)
            return new Problem(ErrorCatalogue.AlreadyResumed);
        List<ulong>? numbers = cursor.Count == _count ? _ownEvents.After(connection.Account, cursor.Number, MostMissed) : null;
        if (numbers is null)
            return new Problem(ErrorCatalogue.CursorTooOld);

        UserStreams user = UserOf(connection.Account);
        foreach (ulong number in numbers)
        {
            FeedEvent happened = _ownEvents[number];
            ChannelKind channel = UserStreams.ChannelOf(happened.Kind)!.Value;
            if (!request.Channels.Exists(wanted => wanted.Kind == channel))
                continue;
            if (user.MessageOf(happened, new StreamCursor(_count, number).ToString()) is not { } make)
                return new Problem(ErrorCatalogue.CursorTooOld);
            missed.Add(make);
        }

        connection.HasResumed = true;
        return null;
    }

    private void Add(StreamConnection connection, in StreamChannel channel)
    {
        if (!channel.IsPrivate)
        {
            Activate(channel.Symbol).Add(channel, connection, NowMs());
            return;
        }

        UserStreams user = UserOf(connection.Account);
        _users[connection.Account] = user;
        user.AudienceOf(channel.Kind).Add(connection);
    }

    private UserStreams UserOf(uint account) => _users.GetValueOrDefault(account) ?? new UserStreams(_exchange, _delivery);

    private void Remove(StreamConnection connection, in StreamChannel channel)
    {
        if (!channel.IsPrivate)
        {
            SymbolOf(channel.Symbol).Remove(channel, connection);
        }
        else if (_users.TryGetValue(connection.Account, out UserStreams? user))
        {
            user.AudienceOf(channel.Kind).Remove(connection);
            if (user.IsEmpty)
                _users.Remove(connection.Account);
        }
    }
}

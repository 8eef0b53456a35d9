using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <content>Who listens to what. Everything here runs on the hub's loop, so that it stands between two events.</content>
internal sealed partial class StreamHub
{
    public const int ChannelsPerStream = 200;

    public void Join(StreamConnection connection) => Ask(() => _connections.Add(connection));

    public void Leave(StreamConnection connection) => Ask(() =>
    {
        _connections.Remove(connection);
        foreach (StreamChannel channel in connection.Channels)
            Remove(connection, channel);
        connection.Channels.Clear();
    });

    /// <summary>Answers the request, then sends where each channel stands, then what follows.</summary>
    public void Subscribe(StreamConnection connection, long? id, List<StreamChannel> channels) => Ask(() =>
    {
        if (!_connections.Contains(connection))
            return;
        if (connection.Channels.Union(channels).Count() > ChannelsPerStream)
        {
            _delivery.Send(connection, connection.Messages.Refused(id, new Problem(ErrorCatalogue.TooManyChannels) { Limit = $"{ChannelsPerStream}" }));
            return;
        }

        _delivery.Send(connection, connection.Messages.Done(id));
        foreach (StreamChannel channel in channels)
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

        _delivery.Send(connection, connection.Messages.Done(id));
    });

    /// <summary>Closes all streams: the server stops.</summary>
    public void EndAll() => Ask(() =>
    {
        foreach (StreamConnection connection in _connections)
            connection.End(StreamEnd.Stopping);
    });

    private void Add(StreamConnection connection, in StreamChannel channel)
    {
        if (!channel.IsPrivate)
        {
            Activate(channel.Symbol).Add(channel, connection);
            return;
        }

        if (!_users.TryGetValue(connection.Account, out UserStreams? user))
            _users[connection.Account] = user = new UserStreams(_exchange, _delivery);
        user.AudienceOf(channel.Kind).Add(connection);
    }

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

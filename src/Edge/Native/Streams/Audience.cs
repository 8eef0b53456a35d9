namespace Exchange.Edge.Native.Streams;

/// <summary>The streams that get the same messages: each is made once in each format, its bytes shared by all.</summary>
internal sealed class Audience(Delivery delivery)
{
    private readonly HashSet<StreamConnection> _members = [];
    private readonly List<(IStreamMessages Format, byte[] Message)> _made = [];

    public bool IsEmpty => _members.Count == 0;

    public bool Add(StreamConnection connection) => _members.Add(connection);

    public bool Remove(StreamConnection connection) => _members.Remove(connection);

    /// <summary>Ends all of them.</summary>
    public void End(StreamEnd end)
    {
        foreach (StreamConnection member in _members)
            member.End(end);
    }

    /// <summary>Takes out some; null: none.</summary>
    public List<StreamConnection>? RemoveWhere(Predicate<StreamConnection> isOut)
    {
        List<StreamConnection>? removed = null;
        foreach (StreamConnection member in _members)
        {
            if (isOut(member))
                (removed ??= []).Add(member);
        }

        if (removed is not null)
            _members.ExceptWith(removed);
        return removed;
    }

    /// <summary>Sends what <paramref name="make"/> makes to all.</summary>
    public void Send(Func<IStreamMessages, byte[]> make)
    {
        foreach (StreamConnection member in _members)
            delivery.Send(member, In(member.Messages, make));
        _made.Clear();
    }

    private byte[] In(IStreamMessages format, Func<IStreamMessages, byte[]> make)
    {
        foreach ((IStreamMessages made, byte[] message) in _made)
        {
            if (made == format)
                return message;
        }

        _made.Add((format, make(format)));
        return _made[^1].Message;
    }
}

namespace Exchange.Edge.Native.Streams;

/// <summary>The streams that get the same messages: each is made once, its bytes shared by all.</summary>
internal sealed class Audience
{
    private readonly HashSet<StreamConnection> _members = [];

    public bool IsEmpty => _members.Count == 0;

    public bool Add(StreamConnection connection) => _members.Add(connection);

    public bool Remove(StreamConnection connection) => _members.Remove(connection);

    public void Send(byte[] message)
    {
        foreach (StreamConnection member in _members)
            member.Send(message);
    }
}

namespace Exchange.Edge.Limits;

/// <summary>Counts what clients hold at once, so many for each; it remembers only those who hold something.</summary>
internal sealed class ClientCount<TClient>(int most)
    where TClient : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TClient, int> _held = [];

    public int Most { get; } = most;

    /// <summary>False: the client holds as many as it may.</summary>
    public bool TryTake(TClient client)
    {
        lock (_lock)
        {
            int held = _held.GetValueOrDefault(client);
            if (held >= Most)
                return false;
            _held[client] = held + 1;
            return true;
        }
    }

    public void Release(TClient client)
    {
        lock (_lock)
        {
            if (_held[client] == 1)
                _held.Remove(client);
            else
                _held[client]--;
        }
    }
}

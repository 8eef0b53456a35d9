using Exchange.Core.Port;

namespace Exchange.Grains.Tests.Support;

/// <summary>Keeps what one account's subscriber is told.</summary>
internal sealed class OwnHearer : IOwnSubscriber
{
    private readonly Lock _lock = new();
    private readonly List<OwnEvent> _heard = [];

    public bool IsBroken { get; private set; }

    public OwnEvent[] Heard
    {
        get
        {
            lock (_lock)
                return [.. _heard];
        }
    }

    public void OnOwnEvents(ReadOnlySpan<OwnEvent> events)
    {
        lock (_lock)
            _heard.AddRange(events);
    }

    public void OnBroken() => IsBroken = true;
}

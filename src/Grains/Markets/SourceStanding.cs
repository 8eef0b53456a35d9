using Exchange.Core.Nodes;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Markets;

/// <summary>What a silo has heard of one source, and how it asks for more.</summary>
internal sealed class SourceStanding(NodeId source)
{
    private MarketPlace _heard;
    private long _atMs;
    private int _isAsking;

    public NodeId Source => source;

    /// <summary>How far; written and read under the lock of what it feeds.</summary>
    public MarketPlace Heard
    {
        get => _heard;
        set
        {
            _heard = value;
            IsHeard |= value.Epoch != 0;
        }
    }

    /// <summary>Something was heard once.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>When it was heard or asked last, by the asker's clock.</summary>
    public long AtMs
    {
        get => Volatile.Read(ref _atMs);
        set => Volatile.Write(ref _atMs, value);
    }

    /// <summary>One asks at a time.</summary>
    public bool TryAsk() => Interlocked.Exchange(ref _isAsking, 1) == 0;

    public void IsAsked() => Volatile.Write(ref _isAsking, 0);
}

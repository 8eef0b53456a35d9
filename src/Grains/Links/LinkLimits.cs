namespace Exchange.Grains.Links;

/// <summary>What a link holds at most.</summary>
/// <param name="MostQueued">Messages that may wait; what is beyond is lost, and is repeated by whoever wants it answered.</param>
/// <param name="MostAtOnce">Messages of one call.</param>
public sealed record LinkLimits(int MostQueued = 65_536, int MostAtOnce = 1_024)
{
    public static readonly LinkLimits Default = new();
}

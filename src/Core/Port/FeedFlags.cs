namespace Exchange.Core.Port;

/// <summary>The bits of <see cref="FeedEvent.Flags"/>.</summary>
[Flags]
public enum FeedFlags : byte
{
    None = 0,
    Maker = 1,

    /// <summary>Part of a liquidation: the liquidated account's side of a fill, or the trade.</summary>
    Liquidation = 2,

    /// <summary>Auto-deleveraging.</summary>
    Adl = 4,

    /// <summary>A delisted symbol's settlement.</summary>
    Settlement = 8,
}

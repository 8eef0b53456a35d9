namespace Exchange.Core.Port;

/// <summary>What became of a command, complete only once it is durable.</summary>
public sealed class CommandReply
{
    public RejectReason Reason { get; set; }

    /// <summary>Journal sequence of the command.</summary>
    public ulong Sequence { get; set; }

    public long TimeMs { get; set; }

    /// <summary>The order concerned, as it stood right after the command; null when there is none.</summary>
    public OrderView? Order { get; set; }

    /// <summary>Fills the command made for its own account, in order; of a repeat those of the first one.</summary>
    public List<FillView> Fills { get; } = [];

    /// <summary>A repeat of a client order id: <see cref="Order"/> is the first one as it now stands.</summary>
    public bool IsRepeat { get; set; }

    /// <summary>CancelAll: how many orders it canceled.</summary>
    public int CanceledCount { get; set; }

    /// <summary>What would have passed, where one number says it; 0: none.</summary>
    /// <remarks>
    /// Ticks for PriceRange, PriceBand and PostOnlyWouldCross; lots for QtyRange and PositionLimit; 1e-8 USDT for MinNotional,
    /// InsufficientMargin, InsufficientBalance and AmountRange; a plain number for TooManyOrders, LeverageRange and CountdownRange.
    /// </remarks>
    public long LimitValue { get; set; }
}

using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>Where an open order stands.</summary>
internal enum NaivePhase
{
    /// <summary>Conditional; its price has not come.</summary>
    Waiting,

    /// <summary>Conditional; its price came, and it stands in the trigger queue.</summary>
    Met,

    /// <summary>It is the taker of this moment.</summary>
    Taking,

    Resting,
}

/// <summary>An open order of <see cref="NaiveBook"/>.</summary>
internal sealed class NaiveOrder
{
    public required ulong Id { get; init; }
    public required uint Account { get; init; }
    public required OrderTerms Terms { get; init; }
    public required long Total { get; set; }
    public required long PriceTicks { get; set; }
    public required long ReserveTicks { get; set; }
    public required long WorstTicks { get; set; }
    public long Filled { get; set; }
    public NaivePhase Phase { get; set; }

    /// <summary>Place in the queue at its price: the lower came earlier.</summary>
    public long Arrival { get; set; }

    /// <summary>Trailing: the best price seen; 0: not active yet.</summary>
    public long BestSeenTicks { get; set; }

    public long Leaves => Total - Filled;
    public Side Side => Terms.Side;
    public int Leg => Terms.PositionSide.Leg();
    public bool IsReducing => Terms.IsReducing;
    public bool IsResting => Phase == NaivePhase.Resting;
    public bool IsUntriggered => Phase is NaivePhase.Waiting or NaivePhase.Met;

    public NaiveOrder Copy() => (NaiveOrder)MemberwiseClone();

    public OpenOrder Shown() => new()
    {
        OrderId = Id,
        ClientKey = Terms.ClientKey,
        PriceTicks = PriceTicks,
        StopTicks = Terms.StopTicks,
        TotalLots = Total,
        FilledLots = Filled,
        ReserveTicks = ReserveTicks,
        WorstTicks = WorstTicks,
        GtdMs = Terms.GtdMs,
        Side = Side,
        Type = Terms.Type,
        TimeInForce = Terms.TimeInForce,
        Stp = Terms.Stp,
        PositionSide = Terms.PositionSide,
        Flags = Terms.Flags,
        IsWaiting = IsUntriggered,
    };
}

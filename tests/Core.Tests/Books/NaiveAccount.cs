using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>An account as a book sees it: registration, positions, outbox.</summary>
internal sealed class NaiveAccount(uint id)
{
    public uint Id => id;
    public uint Epoch { get; set; }
    public bool IsRegistered { get; set; }

    /// <summary>Number of the latest batch, and its outcomes so far.</summary>
    public uint Batch { get; set; }
    public List<CommandOutcome> Outcomes { get; private set; } = [];

    /// <summary>Signed lots, cost and last reported pool equity; index 0: net position or long leg, 1: short leg.</summary>
    public long[] Lots { get; private set; } = new long[2];
    public long[] CostE8 { get; private set; } = new long[2];
    public long[] EquityE8 { get; private set; } = new long[2];
    public PositionSide[] HeldAs { get; private set; } = [PositionSide.Both, PositionSide.Short];

    /// <summary>When its orders are canceled; 0: no countdown runs.</summary>
    public long CountdownMs { get; set; }

    /// <summary>Its latest orders with a client id that a repeat may return, oldest first.</summary>
    public List<RememberedOrder> ClientIds { get; } = [];

    public ulong LastNumber { get; set; }
    public List<BookEvent> Outbox { get; private set; } = [];
    public bool IsOverOutbox { get; set; }

    /// <summary>The same position in a book of its own, for trying something out.</summary>
    public NaiveAccount CopyOfPosition() => new(id)
    {
        Lots = [.. Lots],
        CostE8 = [.. CostE8],
        EquityE8 = [.. EquityE8],
        HeldAs = [.. HeldAs],
    };
}

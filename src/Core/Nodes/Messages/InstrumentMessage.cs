using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Nodes.Messages;

// The operator.

/// <summary>An instrument as it is from now on: to its book, its mark and every table of marks.</summary>
/// <param name="Version">Counts up per symbol from 1; only a higher one than the last counts.</param>
/// <param name="SettlementTicks">The symbol is delisted at this price: first halted, then settled; 0: it is not.</param>
public sealed record InstrumentMessage(ulong Version, Instrument Instrument, TradingState State, long SettlementTicks = 0) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Instrument;
}

/// <param name="From">The book or the mark that answers.</param>
/// <param name="Version">The version it has now: not below the one it was sent. Of a delisting: and what it asks for is done.</param>
/// <param name="Reason">Why the instrument stayed as it was; the state was taken all the same.</param>
public sealed record InstrumentTakenMessage(NodeId From, ulong Version, RejectReason Reason) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.InstrumentTaken;
}

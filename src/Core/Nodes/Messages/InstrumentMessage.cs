using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Nodes.Messages;

// The operator.

/// <summary>An instrument as it is from now on: to its book, its mark and every table of marks.</summary>
/// <param name="Version">Counts up per symbol from 1; only a higher one than the last counts.</param>
public sealed record InstrumentMessage(ulong Version, Instrument Instrument, TradingState State) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Instrument;
}

/// <param name="From">The book or the mark that answers.</param>
/// <param name="Version">The version it has now: not below the one it was sent.</param>
/// <param name="Reason">Why the instrument stayed as it was; the state was taken all the same.</param>
public sealed record InstrumentTakenMessage(NodeId From, ulong Version, RejectReason Reason) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.InstrumentTaken;
}

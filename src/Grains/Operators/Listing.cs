using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;

namespace Exchange.Grains.Operators;

/// <summary>One symbol as the operator knows it: how it is, and how it is to become, which its book and its mark must take first.</summary>
internal sealed class Listing(InstrumentMessage current)
{
    private ulong _bookTook;
    private ulong _markTook;
    private RejectReason _bookRefusal;

    /// <summary>What everybody may be told.</summary>
    public InstrumentMessage Current { get; private set; } = current;

    /// <summary>What book and mark are asked to take; the same as <see cref="Current"/>: they have.</summary>
    public InstrumentMessage Wanted { get; private set; } = current;

    public bool IsPending => Wanted.Version != Current.Version;

    /// <summary>What is asked for now: a delisting is first a halt at its price, and settled once book and mark have done that.</summary>
    public InstrumentMessage Asked => Wanted.SettlementTicks != 0 && Math.Min(_bookTook, _markTook) < Wanted.Version - 1
        ? Wanted with { Version = Wanted.Version - 1, State = TradingState.Halted }
        : Wanted;

    public bool BookHas => _bookTook >= Asked.Version;

    public bool MarkHas => _markTook >= Asked.Version;

    public void Want(Instrument instrument, TradingState state) => Wanted = new InstrumentMessage(Wanted.Version + 1, instrument, state);

    public void Settle(long ticks) =>
        Wanted = new InstrumentMessage(Wanted.Version + 2, Wanted.Instrument, TradingState.Settled, ticks);

    /// <summary>For a listing that was read back: what it was to become is asked for again.</summary>
    public void WantAgain(InstrumentMessage wanted) => Wanted = wanted;

    /// <returns>True: it is decided now, by <paramref name="reason"/>.</returns>
    public bool Take(InstrumentTakenMessage taken, out RejectReason reason)
    {
        reason = RejectReason.None;
        if (!IsPending || taken.Version < Asked.Version)
            return false;
        if (taken.From.Kind == NodeKind.Mark)
        {
            _markTook = taken.Version;
        }
        else
        {
            _bookTook = taken.Version;
            _bookRefusal = taken.Reason;
        }

        if (_bookTook < Wanted.Version || (_bookRefusal == RejectReason.None && _markTook < Wanted.Version))
            return false;
        reason = _bookRefusal;
        if (reason == RejectReason.None)
            Current = Wanted;
        else
            Refuse();
        return true;
    }

    /// <summary>The book keeps the instrument it has; the number of what it refused is used up.</summary>
    private void Refuse()
    {
        Current = Current with { Version = Wanted.Version };
        Wanted = Current;
    }
}

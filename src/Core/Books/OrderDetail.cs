using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>The rest of an open order, for those that are more than a price and a quantity.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OrderDetail
{
    public long ReserveTicks;
    public long WorstTicks;
    public long StopTicks;
    public long ActivationTicks;

    /// <summary>Trailing: the best price seen since it became active.</summary>
    public long BestTicks;
    public long GtdMs;
    public ClientKey ClientKey;
    public int CallbackRateE8;

    /// <summary>Its entry in the client-id ring plus 1; 0: none.</summary>
    public int RingEntry;
}

using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>A public trade as a symbol keeps it: 40 bytes without gaps, so that snapshots of the same trades are the same bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredTrade : INumbered
{
    public ulong Id;
    public long PriceTicks;
    public long Lots;
    public long TimeMs;
    public int TakerSide;
    public int IsLiquidation;

    public readonly ulong Number => Id;

    public static TradeView View(StoredTrade trade) =>
        new(trade.Id, trade.PriceTicks, trade.Lots, (Side)trade.TakerSide, trade.IsLiquidation != 0, trade.TimeMs);
}

using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>A close of a liquidation, numbered 1, 2, 3 … in its symbol: 40 bytes without gaps.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredLiquidation : INumbered
{
    public ulong Id;
    public long BankruptcyTicks;
    public long Lots;
    public long TimeMs;
    public long Side;

    public readonly ulong Number => Id;

    public static LiquidationView View(StoredLiquidation close) => new((Side)close.Side, close.BankruptcyTicks, close.Lots, close.TimeMs);
}

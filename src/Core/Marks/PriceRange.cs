using System.Runtime.InteropServices;

namespace Exchange.Core.Marks;

/// <summary>An account's range: while every mark is from <see cref="LowTicks"/> to <see cref="HighTicks"/>, it cannot need liquidation.</summary>
/// <remarks>
/// Only a higher (epoch, number) replaces what is there. Low 0 or high <see cref="long.MaxValue"/>: no bound on that side.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PriceRange(uint Account, uint Epoch, ulong Number, long LowTicks, long HighTicks)
{
    /// <summary>The account has no position here any more and watches nothing.</summary>
    public static PriceRange None(uint account, uint epoch, ulong number) => new(account, epoch, number, 0, long.MaxValue);

    public bool IsNone => LowTicks <= 0 && HighTicks == long.MaxValue;

    public bool Holds(long markTicks) => LowTicks <= markTicks && markTicks <= HighTicks;

    public bool IsNewerThan(in PriceRange other) =>
        Epoch > other.Epoch || (Epoch == other.Epoch && Number > other.Number);
}

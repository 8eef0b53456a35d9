using System.Runtime.InteropServices;
using Exchange.Core.Accounts;

namespace Exchange.Core.Clearing;

/// <summary>What a <see cref="ClearingHouse"/> can be told.</summary>
public enum ClearingInputKind : byte
{
    None = 0,
    Seed = 1,
    Reserve = 2,
    Settle = 3,
    Totals = 4,
    Remainders = 5,
}

/// <summary>One input of a <see cref="ClearingHouse"/>: blittable; a field that a kind does not name is zero. Money in 1e-8 USDT.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ClearingInput
{
    public ClearingInputKind Kind;

    /// <summary>Reserve, Settle, Totals.</summary>
    public uint Account;

    /// <summary>Remainders.</summary>
    public int Symbol;

    /// <summary>Reserve, Settle: step within the liquidation.</summary>
    public uint Step;

    /// <summary>Totals, Remainders: number of the report. Seed: its own.</summary>
    public ulong Number;

    public ulong Liquidation;

    /// <summary>Seed: how much. Reserve: the most. Settle: spent. Remainders: cumulative.</summary>
    public long AmountE8;

    /// <summary>Settle.</summary>
    public long EarnedE8;

    public AccountTotals Totals;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Orders;

/// <summary>An order as its sender asked for it, parsed: prices in ticks, quantity in lots.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OrderTerms
{
    public long PriceTicks;
    public long Lots;
    public long StopTicks;
    public long ActivationTicks;

    /// <summary>Good till this time, ms since the Unix epoch.</summary>
    public long GtdMs;

    /// <summary>128-bit key of the client order id; zero: none.</summary>
    public ClientKey ClientKey;

    /// <summary>Id of the instrument, by order of listing.</summary>
    public int Symbol;

    /// <summary>Trailing stop's callback in 1e-8 (0.01 is 1,000,000).</summary>
    public int CallbackRateE8;

    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention Stp;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public OrderFields Fields;

    /// <summary>Fills the last word.</summary>
    private readonly byte _unused;

    /// <summary>The small fields as one word, side lowest, in the order they stand: to set, copy or compare them at once.</summary>
    public ulong Word
    {
        readonly get => Unsafe.ReadUnaligned<ulong>(in Unsafe.As<Side, byte>(ref Unsafe.AsRef(in Side)));
        set => Unsafe.WriteUnaligned(ref Unsafe.As<Side, byte>(ref Side), value);
    }

    public readonly bool IsReducing => OrderRules.IsReducing(Flags, Side, PositionSide);

    public readonly bool Has(OrderFields field) => (Fields & field) != 0;

    public readonly bool Has(OrderFlags flag) => (Flags & flag) != 0;

    /// <summary>Hash of everything a repeat with the same client order id must repeat.</summary>
    public readonly ulong ContentHash()
    {
        unchecked
        {
            ulong h = 0xcbf29ce484222325UL;
            h = Mix(h, (ulong)PriceTicks);
            h = Mix(h, (ulong)Lots);
            h = Mix(h, (ulong)StopTicks);
            h = Mix(h, (ulong)ActivationTicks);
            h = Mix(h, (ulong)GtdMs);
            h = Mix(h, (ulong)(uint)CallbackRateE8);
            return Mix(h, (ulong)Side | (ulong)Type << 8 | (ulong)TimeInForce << 16 | (ulong)Stp << 24
                | (ulong)PositionSide << 32 | (ulong)Flags << 40 | (ulong)Fields << 48);
        }
    }

    private static ulong Mix(ulong h, ulong word)
    {
        unchecked
        {
            h = (h ^ word) * 0x9e3779b97f4a7c15UL;
            return h ^ (h >> 29);
        }
    }
}

/// <summary>128-bit hash of a client order id: what the machines compare instead of its text.</summary>
/// <remarks>An account can only collide with ids of its own, so the hash needs no secret.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ClientKey(ulong High, ulong Low)
{
    public bool IsNone => (High | Low) == 0;

    /// <summary>Key of the id's ASCII bytes (1 to 36 of them); never <see cref="IsNone"/>.</summary>
    public static ClientKey From(ReadOnlySpan<byte> ascii)
    {
        unchecked
        {
            ulong a = 0x243f6a8885a308d3UL + (ulong)ascii.Length;
            ulong b = 0x13198a2e03707344UL;
            foreach (byte c in ascii)
            {
                a = (a ^ c) * 0x9e3779b97f4a7c15UL;
                a ^= a >> 32;
                b = (b + c) * 0xbf58476d1ce4e5b9UL;
                b ^= b >> 29;
            }

            return new ClientKey(a | 1, b);
        }
    }
}

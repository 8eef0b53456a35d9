using System.Runtime.CompilerServices;

namespace Exchange.Core.Units;

/// <summary>Integer division rounded by a named rule; every rounding of money, price or rate goes through here.</summary>
/// <remarks>
/// Floor is toward minus infinity, ceil toward plus infinity; divisors are positive. A quotient that does not fit the
/// result type throws <see cref="OverflowException"/>. Dividing 128 bits in software costs ten times a hardware division,
/// so numerators that fit 64 bits (nearly all) take the short way.
/// </remarks>
public static class Rounding
{
    /// <summary>One in 1e-8: the scale of money, rates and indexes.</summary>
    public const long OneE8 = 100_000_000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorDiv(long numerator, long divisor)
    {
        Invariant.Holds(divisor > 0);
        long quotient = numerator / divisor;
        return numerator < 0 && quotient * divisor != numerator ? quotient - 1 : quotient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long CeilDiv(long numerator, long divisor)
    {
        Invariant.Holds(divisor > 0);
        long quotient = numerator / divisor;
        return numerator > 0 && quotient * divisor != numerator ? quotient + 1 : quotient;
    }

    /// <summary>Floor of a 128-bit fraction whose quotient must fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorDiv(Int128 numerator, Int128 divisor) =>
        FitsLong(numerator) && FitsLong(divisor)
            ? FloorDiv((long)numerator, (long)divisor)
            : checked((long)FloorDiv128(numerator, divisor));

    /// <summary>Ceiling of a 128-bit fraction whose quotient must fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long CeilDiv(Int128 numerator, Int128 divisor) =>
        FitsLong(numerator) && FitsLong(divisor)
            ? CeilDiv((long)numerator, (long)divisor)
            : checked((long)CeilDiv128(numerator, divisor));

    /// <summary>To the nearest integer, a half toward plus infinity; the quotient must fit 64 bits.</summary>
    public static long HalfUpDiv(Int128 numerator, Int128 divisor) =>
        FloorDiv(checked(numerator * 2 + divisor), checked(divisor * 2));

    /// <summary>Toward zero; the quotient must fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long TruncateDiv(Int128 numerator, Int128 divisor) =>
        numerator >= 0 ? FloorDiv(numerator, divisor) : CeilDiv(numerator, divisor);

    /// <summary>floor(a * b / divisor), with the product in 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorMulDiv(long a, long b, long divisor)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? FloorDiv(low, divisor) : FloorDiv((Int128)a * b, divisor);
    }

    /// <summary>floor(amount * part / whole), of numbers that are not negative: as <see cref="FloorMulDiv"/>, with less to do for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorShare(long amount, long part, long whole)
    {
        unchecked
        {
            ulong high = Math.BigMul((ulong)amount, (ulong)part, out _);
            ulong product = (ulong)amount * (ulong)part;
            return (high | (product >> 63)) == 0 ? (long)(product / (ulong)whole) : FloorShareLarge(amount, part, whole);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long FloorShareLarge(long amount, long part, long whole) => FloorMulDiv(amount, part, whole);

    /// <summary>ceil(a * b / divisor), with the product in 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long CeilMulDiv(long a, long b, long divisor)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? CeilDiv(low, divisor) : CeilDiv((Int128)a * b, divisor);
    }

    /// <summary>Floor of a 128-bit fraction, as 128 bits.</summary>
    public static Int128 FloorDiv128(Int128 numerator, Int128 divisor)
    {
        Invariant.Holds(divisor > 0);
        return numerator >= 0
            ? (Int128)Divide((UInt128)numerator, (UInt128)divisor, out _)
            : -WithCarry(Magnitude(numerator), (UInt128)divisor);
    }

    /// <summary>Ceiling of a 128-bit fraction, as 128 bits.</summary>
    public static Int128 CeilDiv128(Int128 numerator, Int128 divisor)
    {
        Invariant.Holds(divisor > 0);
        return numerator > 0
            ? WithCarry((UInt128)numerator, (UInt128)divisor)
            : -(Int128)Divide(Magnitude(numerator), (UInt128)divisor, out _);
    }

    private static Int128 WithCarry(UInt128 magnitude, UInt128 divisor)
    {
        UInt128 quotient = Divide(magnitude, divisor, out bool isExact);
        return checked((Int128)quotient + (isExact ? 0 : 1));
    }

    private static UInt128 Magnitude(Int128 value) => value < 0 ? unchecked((UInt128)(-value)) : (UInt128)value;

    private static UInt128 Divide(UInt128 numerator, UInt128 divisor, out bool isExact)
    {
        // The divisor nearly always fits 32 bits (1e8, a leverage): two hardware divisions by halves, as by hand.
        if (divisor <= uint.MaxValue)
            return DivideByWord(numerator, (uint)divisor, out isExact);

        UInt128 quotient = numerator / divisor;
        isExact = unchecked(quotient * divisor) == numerator;
        return quotient;
    }

    private static UInt128 DivideByWord(UInt128 numerator, uint divisor, out bool isExact)
    {
        unchecked
        {
            ulong high = (ulong)(numerator >> 64);
            ulong low = (ulong)numerator;
            (ulong highQuotient, ulong carry) = Math.DivRem(high, divisor);
            (ulong middle, carry) = Math.DivRem((carry << 32) | (low >> 32), divisor);
            (ulong bottom, carry) = Math.DivRem((carry << 32) | (uint)low, divisor);
            isExact = carry == 0;
            return new UInt128(highQuotient, (middle << 32) | bottom);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool FitsLong(Int128 value) => unchecked((Int128)(long)value) == value;
}

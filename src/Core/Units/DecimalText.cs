using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Units;

/// <summary>Why a decimal text was refused.</summary>
public enum DecimalTextResult : byte
{
    Ok = 0,

    /// <summary>Not ASCII digits with at most one point between digits (a sign only where money is read).</summary>
    Malformed = 1,

    /// <summary>More than 20 digits before or 8 behind the point.</summary>
    TooManyDigits = 2,

    /// <summary>Not a whole number of ticks or lots. Never rounded.</summary>
    OffStep = 3,

    /// <summary>Well formed, but more than 64 bits of the unit hold.</summary>
    TooLarge = 4,
}

/// <summary>Plain decimal text to scaled integers and back, exactly, without allocating.</summary>
/// <remarks>
/// Text is <c>[0-9]+(\.[0-9]+)?</c>, with a leading minus only for money; chars or UTF-8 bytes. Values are in 1e-8 (E8)
/// or in steps (ticks, lots) of a size in 1e-8. Formatting leaves no trailing zeros and never writes minus zero.
/// </remarks>
public static class DecimalText
{
    public const int MaxIntegerDigits = 20;
    public const int FractionDigits = 8;

    /// <summary>Longest text any Format writes: sign, 39 digits, point, and a leading zero.</summary>
    public const int MaxLength = 42;

    /// <summary>A value that must not be negative, in 1e-8.</summary>
    public static DecimalTextResult ParseE8(ReadOnlySpan<char> text, out long valueE8) => Narrow(Scan(text, out Int128 wide), wide, out valueE8);

    /// <inheritdoc cref="ParseE8(ReadOnlySpan{char}, out long)"/>
    public static DecimalTextResult ParseE8(ReadOnlySpan<byte> utf8, out long valueE8) => Narrow(Scan(utf8, out Int128 wide), wide, out valueE8);

    /// <summary>Money that may be negative (transfers and tests), in 1e-8.</summary>
    public static DecimalTextResult ParseSignedE8(ReadOnlySpan<char> text, out long valueE8)
    {
        bool isNegative = !text.IsEmpty && text[0] == '-';
        DecimalTextResult result = ParseE8(isNegative ? text[1..] : text, out valueE8);
        valueE8 = isNegative ? -valueE8 : valueE8;
        return result;
    }

    /// <inheritdoc cref="ParseSignedE8(ReadOnlySpan{char}, out long)"/>
    public static DecimalTextResult ParseSignedE8(ReadOnlySpan<byte> utf8, out long valueE8)
    {
        bool isNegative = !utf8.IsEmpty && utf8[0] == '-';
        DecimalTextResult result = ParseE8(isNegative ? utf8[1..] : utf8, out valueE8);
        valueE8 = isNegative ? -valueE8 : valueE8;
        return result;
    }

    /// <summary>A price in ticks or a quantity in lots; <paramref name="stepE8"/> is the size of one in 1e-8.</summary>
    public static DecimalTextResult ParseSteps(ReadOnlySpan<char> text, long stepE8, out long steps) =>
        ToSteps(Scan(text, out Int128 wide), wide, stepE8, out steps);

    /// <inheritdoc cref="ParseSteps(ReadOnlySpan{char}, long, out long)"/>
    public static DecimalTextResult ParseSteps(ReadOnlySpan<byte> utf8, long stepE8, out long steps) =>
        ToSteps(Scan(utf8, out Int128 wide), wide, stepE8, out steps);

    /// <summary>Writes a value in 1e-8; the destination holds <see cref="MaxLength"/>.</summary>
    /// <returns>Characters written.</returns>
    public static int FormatE8(Int128 valueE8, Span<char> destination) => Write(valueE8, destination);

    /// <inheritdoc cref="FormatE8(Int128, Span{char})"/>
    public static int FormatE8(Int128 valueE8, Span<byte> utf8) => Write(valueE8, utf8);

    /// <summary>Writes ticks or lots as the decimal they stand for.</summary>
    public static int FormatSteps(long steps, long stepE8, Span<char> destination) => Write((Int128)steps * stepE8, destination);

    /// <inheritdoc cref="FormatSteps(long, long, Span{char})"/>
    public static int FormatSteps(long steps, long stepE8, Span<byte> utf8) => Write((Int128)steps * stepE8, utf8);

    /// <summary>For messages and tests; allocates.</summary>
    public static string ToText(Int128 valueE8)
    {
        Span<char> text = stackalloc char[MaxLength];
        return new string(text[..Write(valueE8, text)]);
    }

    private static DecimalTextResult Scan<T>(ReadOnlySpan<T> text, out Int128 valueE8)
        where T : unmanaged, IBinaryInteger<T>
    {
        valueE8 = 0;
        int point = -1;
        for (int i = 0; i < text.Length; i++)
        {
            uint c = uint.CreateTruncating(text[i]);
            if (c == '.' && point < 0)
                point = i;
            else if (c is < '0' or > '9')
                return DecimalTextResult.Malformed;
        }

        int integerDigits = point < 0 ? text.Length : point;
        int fractionDigits = point < 0 ? 0 : text.Length - point - 1;
        if (integerDigits == 0 || (point >= 0 && fractionDigits == 0))
            return DecimalTextResult.Malformed;
        if (integerDigits > MaxIntegerDigits || fractionDigits > FractionDigits)
            return DecimalTextResult.TooManyDigits;

        ulong fraction = point < 0 ? 0 : Digits(text[(point + 1)..]);
        for (int i = fractionDigits; i < FractionDigits; i++)
            fraction *= 10;

        // Ten digits and eight fit 64 bits, and nearly every text is shorter.
        if (integerDigits <= 10)
            valueE8 = Digits(text[..integerDigits]) * (ulong)Rounding.OneE8 + fraction;
        else
            valueE8 = WideInteger(text[..integerDigits]) * Rounding.OneE8 + fraction;
        return DecimalTextResult.Ok;
    }

    /// <summary>Value of at most 20 digits: all but the last fit 64 bits.</summary>
    private static Int128 WideInteger<T>(ReadOnlySpan<T> digits)
        where T : unmanaged, IBinaryInteger<T> => (Int128)Digits(digits[..^1]) * 10 + Digits(digits[^1..]);

    /// <summary>Value of at most 19 digits, which fit 64 bits.</summary>
    private static ulong Digits<T>(ReadOnlySpan<T> digits)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong value = 0;
        foreach (T digit in digits)
            value = value * 10 + (uint.CreateTruncating(digit) - '0');
        return value;
    }

    private static DecimalTextResult Narrow(DecimalTextResult scanned, Int128 valueE8, out long narrow)
    {
        narrow = 0;
        if (scanned != DecimalTextResult.Ok)
            return scanned;
        if (valueE8 > long.MaxValue)
            return DecimalTextResult.TooLarge;
        narrow = (long)valueE8;
        return DecimalTextResult.Ok;
    }

    private static DecimalTextResult ToSteps(DecimalTextResult scanned, Int128 valueE8, long stepE8, out long steps)
    {
        steps = 0;
        if (scanned != DecimalTextResult.Ok)
            return scanned;

        if (valueE8 <= long.MaxValue)
        {
            (long whole, long rest) = Math.DivRem((long)valueE8, stepE8);
            steps = rest == 0 ? whole : 0;
            return rest == 0 ? DecimalTextResult.Ok : DecimalTextResult.OffStep;
        }

        Int128 quotient = Rounding.FloorDiv128(valueE8, stepE8);
        if (quotient * stepE8 != valueE8)
            return DecimalTextResult.OffStep;
        return Narrow(DecimalTextResult.Ok, quotient, out steps);
    }

    /// <summary>Digits are made from the right into a buffer of fixed size, then copied to the left of the destination.</summary>
    [SkipLocalsInit]
    private static int Write<T>(Int128 valueE8, Span<T> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        UInt128 magnitude = valueE8 < 0 ? unchecked((UInt128)(-valueE8)) : (UInt128)valueE8;
        UInt128 integer = magnitude <= ulong.MaxValue ? (ulong)magnitude / (ulong)Rounding.OneE8 : magnitude / (ulong)Rounding.OneE8;
        uint fraction = (uint)(magnitude - integer * (ulong)Rounding.OneE8);

        int at = buffer.Length;
        if (fraction != 0)
            at = WriteFraction(fraction, buffer);

        while (integer > ulong.MaxValue)
        {
            UInt128 rest = integer / 10;
            buffer[--at] = (byte)('0' + (int)(integer - rest * 10));
            integer = rest;
        }

        ulong low = (ulong)integer;
        do
        {
            (low, ulong digit) = Math.DivRem(low, 10);
            buffer[--at] = (byte)('0' + (int)digit);
        }
        while (low != 0);

        if (valueE8 < 0)
            buffer[--at] = (byte)'-';
        for (int i = at; i < buffer.Length; i++)
            destination[i - at] = T.CreateTruncating(buffer[i]);
        return buffer.Length - at;
    }

    private static int WriteFraction(uint fraction, Span<byte> buffer)
    {
        int digits = FractionDigits;
        for (; fraction % 10 == 0; fraction /= 10)
            digits--;

        int at = buffer.Length;
        for (; digits > 0; digits--, fraction /= 10)
            buffer[--at] = (byte)('0' + (int)(fraction % 10));
        buffer[--at] = (byte)'.';
        return at;
    }
}

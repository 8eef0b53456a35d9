using Exchange.Edge.Errors;

namespace Exchange.Edge.Json;

/// <summary>The fields of a body by their numbers in its shape, in whatever format it came; each method returns the refusal, or null and the value.</summary>
internal interface IBodyFields
{
    /// <summary>Longest string any field may hold, in bytes; longer ones are refused by their grammar anyway.</summary>
    const int MaxText = 128;

    bool Has(int field);

    /// <summary>Copies a string's bytes to <paramref name="text"/>, which has room for <see cref="MaxText"/>.</summary>
    /// <remarks>Too long or broken text comes out as one byte that no grammar accepts, so the field's own refusal answers.</remarks>
    Problem? CopyText(int field, scoped Span<byte> text, out int length);

    /// <summary>A price in ticks, 1 to 10^12.</summary>
    Problem? Price(int field, long tickE8, out long ticks);

    /// <summary>A quantity in lots, 1 to 10^12.</summary>
    Problem? Quantity(int field, long lotE8, out long lots);

    /// <summary>An amount of money or a rate in 1e-8, not negative.</summary>
    Problem? AmountE8(int field, out long valueE8);

    /// <summary>A whole number from 0 to <paramref name="largest"/>.</summary>
    Problem? Integer(int field, long largest, out long value);

    /// <summary>true or false; false when absent.</summary>
    Problem? Flag(int field, out bool value);

    /// <summary>One of a set of names; <paramref name="absent"/> when the field is not there.</summary>
    Problem? Name(int field, WireNames names, int absent, out int value);
}

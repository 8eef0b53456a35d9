using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Units;

public sealed class DecimalTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 100_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("50001.37", 5_000_137_000_000)]
    [InlineData("00012.5", 1_250_000_000)]
    [InlineData("1.50000000", 150_000_000)]
    [InlineData("92233720368.54775807", long.MaxValue)]
    public void A_plain_decimal_is_read_exactly(string text, long expectedE8)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseE8(text, out long value));
        Assert.Equal(expectedE8, value);
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseE8(Encoding.UTF8.GetBytes(text), out value));
        Assert.Equal(expectedE8, value);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("1E5")]
    [InlineData("1e-400")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1 000")]
    [InlineData("\u0661")]
    [InlineData("\uff11")]
    [InlineData("\u22121")]
    [InlineData("1\0")]
    [InlineData("\u0130")]
    public void Anything_else_is_malformed(string text)
    {
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseE8(text, out long value));
        Assert.Equal(0, value);
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseE8(Encoding.UTF8.GetBytes(text), out _));
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseSteps(text, 100, out _));
    }

    [Fact]
    public void Too_many_digits_are_refused_by_name_on_both_sides_of_the_point()
    {
        Assert.Equal(DecimalTextResult.TooManyDigits, DecimalText.ParseE8("0.000000001", out _));
        Assert.Equal(DecimalTextResult.TooManyDigits, DecimalText.ParseE8("1.000000000", out _));
        Assert.Equal(DecimalTextResult.TooManyDigits, DecimalText.ParseE8(new string('1', 21), out _));
        Assert.Equal(DecimalTextResult.TooManyDigits, DecimalText.ParseE8(new string('9', 200), out _));
        Assert.Equal(DecimalTextResult.TooLarge, DecimalText.ParseE8(new string('9', 20), out _));
        Assert.Equal(DecimalTextResult.TooLarge, DecimalText.ParseE8("92233720368.54775808", out _));
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseE8("00000000000000000001", out long one));
        Assert.Equal(Rounding.OneE8, one);
    }

    [Theory]
    [InlineData("50000.1", 10_000_000, DecimalTextResult.Ok, 500_001)]
    [InlineData("50000.10", 10_000_000, DecimalTextResult.Ok, 500_001)]
    [InlineData("50000.15", 10_000_000, DecimalTextResult.OffStep, 0)]
    [InlineData("0.5", 100_000_000, DecimalTextResult.OffStep, 0)]
    [InlineData("7.5", 250_000_000, DecimalTextResult.Ok, 3)]
    [InlineData("99999999999999999999", 100_000_000, DecimalTextResult.TooLarge, 0)]
    [InlineData("9223372036854775807", 100_000_000, DecimalTextResult.Ok, long.MaxValue)]
    public void Steps_are_never_rounded(string text, long stepE8, DecimalTextResult expected, long steps)
    {
        Assert.Equal(expected, DecimalText.ParseSteps(text, stepE8, out long read));
        Assert.Equal(steps, read);
    }

    [Fact]
    public void Only_money_may_be_negative()
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSignedE8("-12.5", out long value));
        Assert.Equal(-1_250_000_000, value);
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseSignedE8("--1", out _));
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseSignedE8("-", out _));
        Assert.Equal(DecimalTextResult.Malformed, DecimalText.ParseSignedE8("+1", out _));
        Assert.Equal("-12.5", DecimalText.ToText(value));
    }

    [Fact]
    public void Writing_leaves_no_trailing_zeros_and_reads_back()
    {
        var random = new Random(20260102);
        Span<char> text = stackalloc char[DecimalText.MaxLength];
        for (int i = 0; i < 100_000; i++)
        {
            long value = random.NextInt64() >> random.Next(0, 63);
            if (random.Next(3) == 0)
                value -= value % 100_000_000;
            value = random.Next(2) == 0 ? -value : value;

            ReadOnlySpan<char> written = text[..DecimalText.FormatE8(value, text)];
            string expected = ((decimal)value / 100_000_000m).ToString("0.########", CultureInfo.InvariantCulture);
            Assert.Equal(expected, written.ToString());
            Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSignedE8(written, out long read));
            Assert.Equal(value, read);
        }
    }

    [Fact]
    public void The_widest_values_are_written_whole()
    {
        Assert.Equal("0", DecimalText.ToText(0));
        Assert.Equal("-92233720368.54775808", DecimalText.ToText(long.MinValue));
        Assert.Equal(Decimals(Int128.MaxValue), DecimalText.ToText(Int128.MaxValue));
        Assert.Equal(Decimals(Int128.MinValue), DecimalText.ToText(Int128.MinValue));
        Span<byte> utf8 = stackalloc byte[DecimalText.MaxLength];
        Assert.Equal("50000.1", Encoding.UTF8.GetString(utf8[..DecimalText.FormatSteps(500_001, 10_000_000, utf8)]));
    }

    [Fact]
    public void Random_text_is_read_as_the_grammar_says()
    {
        var random = new Random(20260103);
        var grammar = new Regex(@"\A[0-9]+(?:\.[0-9]+)?\z", RegexOptions.NonBacktracking);
        for (int i = 0; i < 100_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(0, 26)).Select(_ => "0123456789012345678901234567890..-"[random.Next(34)]));
            DecimalTextResult result = DecimalText.ParseE8(text, out long value);
            DecimalTextResult bytes = DecimalText.ParseE8(Encoding.UTF8.GetBytes(text), out long fromBytes);

            Assert.Equal(Naive(grammar, text, out long expected), result);
            Assert.Equal(expected, value);
            Assert.Equal(result, bytes);
            Assert.Equal(value, fromBytes);
        }
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes("50000.1");
        byte[] buffer = new byte[DecimalText.MaxLength];
        long sum = 0;
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                DecimalText.ParseSteps(utf8, 10_000_000, out long ticks);
                sum += DecimalText.FormatSteps(ticks + i, 10_000_000, buffer);
            }
        });

        Assert.True(sum > 0);
    }

    private static DecimalTextResult Naive(Regex grammar, string text, out long value)
    {
        value = 0;
        if (!grammar.IsMatch(text))
            return DecimalTextResult.Malformed;
        string[] parts = text.Split('.');
        string fraction = parts.Length == 2 ? parts[1] : "";
        if (parts[0].Length > 20 || fraction.Length > 8)
            return DecimalTextResult.TooManyDigits;
        BigInteger wide = BigInteger.Parse(parts[0] + fraction.PadRight(8, '0'), CultureInfo.InvariantCulture);
        if (wide > long.MaxValue)
            return DecimalTextResult.TooLarge;
        value = (long)wide;
        return DecimalTextResult.Ok;
    }

    private static string Decimals(Int128 value)
    {
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture);
        return (value < 0 ? "-" : "") + digits[..^8] + "." + digits[^8..].TrimEnd('0');
    }
}

using System.Text;
using Exchange.Cli.Index;

namespace Exchange.Cli.Tests.Index;

public sealed class PricePointerTests
{
    [Theory]
    [InlineData("#/indexPrice", """{"indexPrice":"30000.10"}""", "30000.10")]
    [InlineData("#/data/0/idxPx", """{"data":[{"idxPx":"1.5"},{"idxPx":"2"}]}""", "1.5")]
    [InlineData("#/p", """{"p":30000.5}""", "30000.5")]
    [InlineData("#/a~1b/m~0n", """{"a/b":{"m~n":"7"}}""", "7")]
    [InlineData("#/result/BTC%20USD", """{"result":{"BTC USD":"8"}}""", "8")]
    [InlineData("", " 30000.1\n", "30000.1")]
    public void The_price_is_where_the_pointer_says(string fragment, string answer, string price) => Assert.Equal(price, Find(fragment, answer));

    [Theory]
    [InlineData("""{"q":1}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"p":""")]
    [InlineData("")]
    public void Nothing_is_found_where_nothing_stands(string answer) => Assert.Null(Find("#/p", answer));

    [Fact]
    public void A_fragment_that_is_no_pointer_is_refused() => Assert.False(PricePointer.TryParse("#price", out _));

    [Theory]
    [InlineData("30000.1", 3_000_010_000_000)]
    [InlineData("30000.123456789012", 3_000_012_345_678)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("1e5", 0)]
    [InlineData("1.5e5", 0)]
    [InlineData("1,5", 0)]
    [InlineData("0x10", 0)]
    [InlineData("NaN", 0)]
    [InlineData("", 0)]
    [InlineData(".5", 0)]
    [InlineData("1.12345678x", 0)]
    [InlineData("999999999999999999999", 0)]
    public void Only_a_plain_positive_decimal_is_a_price(string said, long priceE8) => Assert.Equal(priceE8, PricePointer.PriceE8(said));

    private static string? Find(string fragment, string answer)
    {
        Assert.True(PricePointer.TryParse(fragment, out PricePointer? pointer));
        return pointer!.Find(Encoding.UTF8.GetBytes(answer));
    }
}

using Exchange.Core.Port;

namespace Exchange.Core.Tests.Port;

public sealed class OwnCursorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(OwnCursor.MostAhead)]
    public void A_cursor_is_read_back_as_it_was_written(int ahead)
    {
        OwnPlace[] places = [.. Enumerable.Range(0, ahead).Select(i => new OwnPlace(i - 1, ulong.MaxValue - (ulong)i))];
        var cursor = new OwnCursor(7, ulong.MaxValue, places);

        Assert.True(OwnCursor.TryParse(cursor.ToString(), out OwnCursor read));
        Assert.Equal((cursor.Count, cursor.Number), (read.Count, read.Number));
        Assert.Equal(places, read.Ahead.ToArray());
    }

    [Fact]
    public void A_cursor_names_no_more_sources_than_can_be_read_back()
    {
        var cursor = new OwnCursor(7, 8, new OwnPlace[OwnCursor.MostAhead + 1]);

        Assert.Equal(OwnCursor.MostAhead, cursor.Ahead.Length);
        Assert.True(OwnCursor.TryParse(cursor.ToString(), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!")]
    public void What_is_no_cursor_is_not_read(string text) => Assert.False(OwnCursor.TryParse(text, out _));
}

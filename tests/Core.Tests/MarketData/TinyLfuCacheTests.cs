using Exchange.Core.MarketData.Features;

namespace Exchange.Core.Tests.MarketData;

public sealed class TinyLfuCacheTests
{
    [Fact]
    public void What_is_kept_is_found_until_it_is_over()
    {
        var cache = new TinyLfuCache<int, string>(10, 10, 10);
        cache.Put(1, "a", 1, expiresMs: 100, nowMs: 0);

        Assert.True(cache.TryGet(1, 99, out string value));
        Assert.Equal("a", value);
        Assert.False(cache.TryGet(1, 100, out _));
        cache.Put(2, "b", 1, 200, 100);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void The_last_value_put_counts()
    {
        var cache = new TinyLfuCache<int, string>(10, 10, 10);
        cache.Put(1, "a", 3, 100, 0);
        cache.Put(1, "b", 5, 200, 0);

        Assert.True(cache.TryGet(1, 150, out string value));
        Assert.Equal(("b", 1, 5L), (value, cache.Count, cache.Weight));
    }

    [Fact]
    public void What_is_too_heavy_is_not_kept()
    {
        var cache = new TinyLfuCache<int, string>(10, 2, 10);
        cache.Put(1, "a", 3, 100, 0);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void What_is_asked_for_often_outlives_many_that_are_asked_for_once()
    {
        var cache = new TinyLfuCache<int, int>(100, 1, 100);
        for (int round = 0; round < 5; round++)
        {
            for (int key = 0; key < 50; key++)
                Ask(cache, key, 0);
        }

        for (int key = 1_000; key < 11_000; key++)
            Ask(cache, key, 0);

        Assert.InRange(Enumerable.Range(0, 50).Count(key => cache.TryGet(key, 0, out _)), 45, 50);
    }

    [Fact]
    public void What_is_over_makes_room_first()
    {
        var cache = new TinyLfuCache<int, int>(100, 1, 100);
        for (int key = 0; key < 100; key++)
            cache.Put(key, key, 1, key < 50 ? 10 : 1_000, 0);
        for (int key = 200; key < 250; key++)
            cache.Put(key, key, 1, 1_000, 10);

        Assert.Equal(100, cache.Count);
        Assert.True(Enumerable.Range(50, 50).Concat(Enumerable.Range(200, 50)).All(key => cache.TryGet(key, 10, out _)));
    }

    [Fact]
    public void What_has_such_a_key_can_be_forgotten()
    {
        var cache = new TinyLfuCache<string, int>(10, 1, 10);
        foreach (string key in (string[])["a:1", "a:2", "b:1"])
            cache.Put(key, 0, 1, 100, 0);

        Assert.Equal(2, cache.RemoveWhere(key => key.StartsWith("a:", StringComparison.Ordinal)));
        Assert.True(cache.TryGet("b:1", 0, out _));
        cache.CheckInvariants();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_asked_for_it_stays_within_its_weight_and_tells_only_what_was_put(int seed)
    {
        var random = new Random(seed);
        var cache = new TinyLfuCache<int, int>(60, 9, 40);
        int[] values = new int[200];
        long[] expiresMs = new long[200];
        for (int i = 0; i < 20_000; i++)
        {
            int key = random.Next(random.Next(2) == 0 ? 10 : 200);
            if (cache.TryGet(key, i, out int value))
            {
                Assert.Equal(values[key], value);
                Assert.True(expiresMs[key] > i);
            }
            else
            {
                (values[key], expiresMs[key]) = (i, i + random.Next(500));
                cache.Put(key, i, 1 + random.Next(10), expiresMs[key], i);
            }

            if (i % 10 == 0)
                cache.CheckInvariants();
        }
    }

    private static void Ask(TinyLfuCache<int, int> cache, int key, long nowMs)
    {
        if (!cache.TryGet(key, nowMs, out _))
            cache.Put(key, key, 1, 1_000, nowMs);
    }
}

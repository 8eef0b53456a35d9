using Exchange.Core.MarketData.Features;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.MarketData;

public sealed class FeatureCacheTests
{
    private const long Now = 1_700_000_000_000;

    private readonly FeatureCache _cache = new(FeatureLimits.OfVenue);

    [Theory]
    [InlineData("price:-:mid", 60_000)]
    [InlineData("news:-:sentiment", 300_000)]
    [InlineData("feature:1m:ema_20", 1_800_000)]
    [InlineData("model:1h:up", 1_800_000)]
    [InlineData("fundamentals:-:supply", 3_600_000)]
    public void A_feature_is_shown_until_the_time_to_live_of_its_class_is_over(string name, long lifeMs)
    {
        Put(name, "1", Now);

        Assert.Equal([name], Names(Now + lifeMs - 1));
        Assert.Empty(Names(Now + lifeMs));
        _cache.Advance(Now + lifeMs);
        Assert.Equal((0, 0L), (_cache.Count, _cache.Bytes));
    }

    [Fact]
    public void What_became_known_later_stays_and_of_the_same_time_the_last_one_put_counts()
    {
        Put("news:-:sentiment", "0.5", Now);

        FeaturePut older = _cache.Put(Feature("news:-:sentiment", "0.1", Now - 1), Now);
        Assert.Equal((FeatureOutcome.Older, "0.5"), (older.Outcome, older.Current!.Value));
        Assert.Equal("0.5", Value("news:-:sentiment"));

        Put("news:-:sentiment", "0.6", Now);
        Assert.Equal("0.6", Value("news:-:sentiment"));
        Put("news:-:sentiment", "0.7", Now + 1);
        Assert.Equal("0.7", Value("news:-:sentiment"));
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public void What_claims_to_be_of_the_future_or_would_not_be_shown_is_refused_with_the_time_that_would_pass()
    {
        FeaturePut ahead = _cache.Put(Feature("price:-:mid", "1", Now + 1_001), Now);
        FeaturePut expired = _cache.Put(Feature("price:-:mid", "1", Now - 60_000), Now);

        Assert.Equal((FeatureOutcome.Ahead, null, Now + 1_000), (ahead.Outcome, ahead.Current, ahead.LimitMs));
        Assert.Equal((FeatureOutcome.Expired, null, Now - 59_999), (expired.Outcome, expired.Current, expired.LimitMs));
        Assert.Equal(FeatureOutcome.Taken, _cache.Put(Feature("price:-:mid", "1", ahead.LimitMs), Now).Outcome);
        Assert.Equal(FeatureOutcome.Taken, _cache.Put(Feature("price:-:bid", "1", expired.LimitMs), Now).Outcome);
    }

    [Fact]
    public void What_is_from_a_clock_that_was_ahead_shuts_nothing_out_once_it_is_read_back()
    {
        _cache.Put(Feature("price:-:mid", "1", Now + 3_600_000), Now + 3_600_000);
        var read = new FeatureCache(FeatureLimits.OfVenue);
        read.Read(new SnapshotReader(Bytes(_cache)));

        Assert.Equal(FeatureOutcome.Taken, read.Put(Feature("price:-:mid", "2", Now), Now).Outcome);
        Assert.Equal("2", Assert.Single(read.List("BTCUSDT", "", null, 9, Now).Features).Value);
    }

    [Fact]
    public void Many_that_are_over_at_once_are_forgotten_at_once()
    {
        for (int i = 0; i < 1_000; i++)
            _cache.Put(Feature($"{(i % 3 == 0 ? "news" : "price")}:-:{i}", "1", Now), Now);

        _cache.Advance(Now + 60_000);

        Assert.Equal(334, _cache.Count);
        _cache.CheckInvariants();
        _cache.Advance(Now + 300_000);
        Assert.Equal((0, 0L), (_cache.Count, _cache.Bytes));
    }

    [Fact]
    public void An_entitys_features_are_listed_by_whole_parts_of_their_names_and_page_by_page()
    {
        foreach (string name in (string[])["b:1h:x", "b:1m:y", "b:1m:x", "bb:1m:x", "a:1m:x", "b-:1m:x"])
            Put(name, "1", Now);
        _cache.Put(new Feature("ETHUSDT", "b:1m:x", true, "2", "t", Now), Now);
        _cache.Put(new Feature("BTCUSD", "b:1m:x", true, "3", "t", Now), Now);
        _cache.Put(new Feature("BTCUSDT.P", "b:1m:x", true, "4", "t", Now), Now);

        Assert.Equal(["a:1m:x", "b-:1m:x", "b:1h:x", "b:1m:x", "b:1m:y", "bb:1m:x"], Names(Now));
        Assert.Equal(["b:1h:x", "b:1m:x", "b:1m:y"], Names(Now, "b"));
        Assert.Equal(["b:1m:x", "b:1m:y"], Names(Now, "b:1m"));
        Assert.Equal(["b:1m:x"], Names(Now, "b:1m:x"));
        Assert.Empty(Names(Now, "b:1"));
        FeaturePage first = _cache.List("BTCUSDT", "b", null, 2, Now);
        Assert.Equal((2, "b:1m:x"), (first.Features.Length, first.Next));
        Put("b:1a:x", "1", Now);
        FeaturePage second = _cache.List("BTCUSDT", "b", first.Next, 2, Now);
        Assert.Equal(["b:1m:y"], second.Features.Select(feature => feature.Name));
        Assert.Null(second.Next);
        Assert.Empty(_cache.List("BTCUSDT", "a", first.Next, 2, Now).Features);
    }

    [Fact]
    public void An_entity_a_kind_or_an_interval_is_forgotten_at_once()
    {
        foreach (string name in (string[])["a:1m:x", "b:1h:x", "b:1m:x", "b:1m:y"])
            Put(name, "1", Now);
        _cache.Put(new Feature("ETHUSDT", "b:1m:x", true, "2", "t", Now), Now);

        Assert.Equal(2, _cache.Remove("BTCUSDT", "b:1m", Now));
        Assert.Equal(0, _cache.Remove("BTCUSDT", "b:1m", Now));
        Assert.Equal(["a:1m:x", "b:1h:x"], Names(Now));
        Assert.Equal(2, _cache.Remove("BTCUSDT", "", Now));
        Assert.Equal(1, _cache.Count);
        _cache.CheckInvariants();
    }

    [Fact]
    public void When_there_is_no_room_those_go_that_would_expire_first()
    {
        var few = new FeatureCache(new FeatureLimits(3, 1 << 20, 100));
        few.Put(Feature("price:-:a", "1", Now), Now);
        few.Put(Feature("fundamentals:-:a", "1", Now), Now);
        few.Put(Feature("news:-:a", "1", Now), Now);

        Assert.Equal(FeatureOutcome.Taken, few.Put(Feature("price:-:b", "1", Now), Now).Outcome);
        few.Put(Feature("price:-:b", "2", Now), Now);

        Assert.Equal(["fundamentals:-:a", "news:-:a", "price:-:b"], few.List("BTCUSDT", "", null, 9, Now).Features.Select(feature => feature.Name));
    }

    /// <summary>Whatever is put, in whatever order: it stays within its limits, and what is shown is what a plain table would show.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_stays_within_its_limits_and_shows_what_a_plain_table_would(int seed)
    {
        var random = new Random(seed);
        var limits = new FeatureLimits(40, 8_000, 100);
        var cache = new FeatureCache(limits);
        var table = new Dictionary<string, Feature>(StringComparer.Ordinal);
        long nowMs = Now;
        string[] kinds = ["price", "news", "feature", "fundamentals"];
        for (int i = 0; i < 5_000; i++)
        {
            nowMs += random.Next(2_000);
            string entity = $"E{random.Next(3)}";
            string name = $"{kinds[random.Next(4)]}:{random.Next(3)}m:{random.Next(4)}";
            if (random.Next(50) == 0)
            {
                string kind = name.Split(':')[0];
                cache.Remove(entity, kind, nowMs);
                foreach (string gone in table.Keys.Where(key => key.StartsWith($"{entity}:{kind}:", StringComparison.Ordinal)).ToArray())
                    table.Remove(gone);
            }
            else if (cache.Put(new Feature(entity, name, true, new string('1', random.Next(1, 200)), "t", nowMs - random.Next(70_000)), nowMs)
                is { Outcome: FeatureOutcome.Taken, Current: { } taken })
            {
                table[taken.Key] = taken;
            }

            cache.CheckInvariants();
        }

        Feature[] shown = [.. Enumerable.Range(0, 3).SelectMany(entity => cache.List($"E{entity}", "", null, 1_000, nowMs).Features)];
        Assert.NotEmpty(shown);
        Assert.All(shown, feature => Assert.Equal(table[feature.Key], feature));
    }

    [Fact]
    public void As_of_a_time_a_feature_is_what_it_was_then_though_it_was_replaced_corrected_or_is_over()
    {
        Put("news:-:sentiment", "1", Now);
        Put("news:-:sentiment", "2", Now + 1_000);
        Put("news:-:sentiment", "2.5", Now + 1_000);
        Put("price:-:last", "7", Now + 2_000);
        long laterMs = Now + 10_000_000;
        _cache.Advance(laterMs);

        Assert.Empty(AsOf(Now - 1));
        Assert.Equal(["news:-:sentiment=1"], AsOf(Now));
        Assert.Equal(["news:-:sentiment=1"], AsOf(Now + 999));
        Assert.Equal(["news:-:sentiment=2.5"], AsOf(Now + 1_999));
        Assert.Equal(["news:-:sentiment=2.5", "price:-:last=7"], AsOf(Now + 2_000));
        Assert.Equal(["news:-:sentiment=2.5"], AsOf(Now + 62_000));
        Assert.Empty(AsOf(Now + 301_000));
        Assert.Equal(["price:-:last=7"], AsOf(Now + 2_000, "price"));
        Assert.Equal(["price:-:last=7"], AsOf(Now + 2_000, "", "news:-:sentiment"));

        Feature?[] cells = _cache.Join("BTCUSDT", ["price:-:last", "news:-:sentiment"], [Now, Now + 2_000, long.MaxValue], laterMs);
        Assert.Equal([null, "7", null, "1", "2.5", null], cells.Select(cell => cell?.Value));

        _cache.Remove("BTCUSDT", "news", laterMs);
        Assert.Equal(["price:-:last=7"], AsOf(Now + 2_000));

        string[] AsOf(long asOfMs, string prefix = "", string? after = null) =>
            [.. _cache.List("BTCUSDT", prefix, after, 9, laterMs, asOfMs).Features.Select(feature => $"{feature.Name}={feature.Value}")];
    }

    [Fact]
    public void What_features_were_is_kept_within_limits()
    {
        var few = new FeatureCache(new FeatureLimits(100, 1 << 20, 5));
        for (int i = 0; i < 20; i++)
            few.Put(Feature(i % 2 == 0 ? "news:-:a" : "news:-:b", $"{i}", Now + i), Now + i);
        Assert.Equal(["14", "15"], Values(few, Now + 15));
        Assert.Equal(["13"], Values(few, Now + 13));

        for (int i = 0; i < 400; i++)
            Put("news:-:a", $"{i}", Now + i);
        Assert.Equal(["143"], Values(_cache, Now + 143));
        Assert.Empty(Values(_cache, Now + 142));

        static IEnumerable<string> Values(FeatureCache cache, long asOfMs) =>
            cache.List("BTCUSDT", "", null, 9, Now + 1_000, asOfMs).Features.Select(feature => feature.Value);
    }

    [Fact]
    public void Written_and_read_back_it_is_the_same()
    {
        Put("news:-:headline", "Größer \U0001f680", Now, isNumber: false);
        Put("feature:1m:ema_20", "-0.50", Now);
        var read = new FeatureCache(FeatureLimits.OfVenue);

        read.Read(new SnapshotReader(Bytes(_cache)));

        Assert.Equal(Hash(_cache), Hash(read));
        Assert.Equal(_cache.List("BTCUSDT", "", null, 9, Now).Features, read.List("BTCUSDT", "", null, 9, Now).Features);
        Assert.Equal(_cache.Bytes, read.Bytes);
        Put("feature:1m:ema_20", "-0.5", Now);
        Assert.NotEqual(Hash(_cache), Hash(read));
    }

    /// <summary>The format has changed if this fails: raise its number, and say what becomes of what was written before.</summary>
    [Fact]
    public void Format_1_is_written_byte_for_byte_and_another_one_is_refused_by_its_number()
    {
        const string Golden =
            "464541547d0000000102000000070000004254435553445411000000666561747572653a316d3a656d615f323001050000002d302e3530070000006d"
            + "6f64656c2d371864e5cf8b01000007000000425443555344540f0000006e6577733a2d3a686561646c696e6500080000004772c3b6c39f6572040000"
            + "00776972650068e5cf8b010000";
        Put("feature:1m:ema_20", "-0.50", Now - 1_000, source: "model-7");
        Put("news:-:headline", "Größer", Now, isNumber: false, source: "wire");

        Assert.Equal(Golden, Convert.ToHexStringLower(Bytes(_cache).Span));
        var read = new FeatureCache(FeatureLimits.OfVenue);
        read.Read(new SnapshotReader(Convert.FromHexString(Golden)));
        Assert.Equal(Hash(_cache), Hash(read));
        byte[] other = Convert.FromHexString(Golden);
        other[8] = 9;
        Assert.Contains("format 9", Assert.Throws<SnapshotException>(() => new FeatureCache(FeatureLimits.OfVenue).Read(new SnapshotReader(other))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_read_as_something_that_cannot_be()
    {
        Put("feature:1m:ema_20", "-0.50", Now);
        Put("news:-:headline", "Größer", Now, isNumber: false);
        byte[] whole = Bytes(_cache).ToArray();
        for (int i = 0; i < whole.Length; i++)
        {
            foreach (byte flip in (byte[])[1, 0x80, 0xff])
            {
                byte[] damaged = [.. whole];
                damaged[i] ^= flip;
                var read = new FeatureCache(FeatureLimits.OfVenue);
                try
                {
                    read.Read(new SnapshotReader(damaged));
                }
                catch (SnapshotException)
                {
                    continue;
                }

                read.CheckInvariants();
            }
        }
    }

    [Theory]
    [InlineData("BTCUSDT", true)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public void An_entity_is_a_word(string entity, bool isOne) => Assert.Equal(isOne, FeatureName.IsEntity(entity));

    [Theory]
    [InlineData("news:-:sentiment", true)]
    [InlineData("news:sentiment", false)]
    [InlineData("news::sentiment", false)]
    [InlineData("news:-:sentiment:", false)]
    [InlineData("news:-:senti ment", false)]
    [InlineData("n:1m:123456789012345678901234567890123", false)]
    public void A_name_has_three_parts(string name, bool isOne) => Assert.Equal(isOne, FeatureName.IsName(name));

    private static Feature Feature(string name, string value, long knownMs, bool isNumber = true, string source = "test") =>
        new("BTCUSDT", name, isNumber, value, source, knownMs);

    private void Put(string name, string value, long knownMs, bool isNumber = true, string source = "test")
    {
        Assert.Equal(FeatureOutcome.Taken, _cache.Put(Feature(name, value, knownMs, isNumber, source), Math.Max(Now, knownMs)).Outcome);
        _cache.CheckInvariants();
    }

    private string Value(string name) => Assert.Single(_cache.List("BTCUSDT", name, null, 1, Now).Features).Value;

    private string[] Names(long nowMs, string prefix = "") =>
        [.. _cache.List("BTCUSDT", prefix, null, 100, nowMs).Features.Select(feature => feature.Name)];

    private static ReadOnlyMemory<byte> Bytes(FeatureCache cache)
    {
        var writer = new SnapshotWriter();
        cache.Write(writer);
        return writer.Written;
    }

    private static UInt128 Hash(FeatureCache cache)
    {
        StateHasher hasher = StateHasher.Create();
        cache.AddTo(ref hasher);
        return hasher.Value128;
    }
}

using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>The feature cache, the same at every edge. A test's own symbol is its entity.</summary>
public abstract class FeatureSuite(VenueServer server) : NativeApiSuite(server)
{
    private string Entity => $"/api/v1/features/{Market.Symbol}";

    [SkippableFact]
    public async Task A_feature_is_read_at_every_edge_as_it_was_put()
    {
        long knownMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 5_000;
        ApiReply put = await Put("feature:1m:ema_20", $$"""{"value":"-50000.100000000000000001","source":"model-7","timeMs":{{knownMs}}}""");
        await Put("news:-:headline", """{"text":"Größer, \"calmer\"","source":"wire"}""");

        put.Shows($"isTaken=true name=feature:1m:ema_20 value=-50000.100000000000000001 source=model-7 timeMs={knownMs} expiresMs={knownMs + 1_800_000}");
        foreach (Uri edge in Server.Edges)
        {
            using var reader = new ApiClient(edge, await VenueServer.TokenAt(edge, Alice.Key));
            ApiReply read = (await reader.Get(Entity)).Required();
            Assert.Equal(
                ["feature:1m:ema_20 -50000.100000000000000001 - model-7", "news:-:headline - Größer, \"calmer\" wire"],
                read.Rows("features", "name", "value", "text", "source"));
        }
    }

    [SkippableFact]
    public async Task What_became_known_later_stays_whichever_edge_the_older_one_comes_to()
    {
        long knownMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 5_000;
        await Put("news:-:sentiment", $$"""{"value":"0.8","source":"wire","timeMs":{{knownMs}}}""");
        foreach (Uri edge in Server.Edges)
        {
            using var admin = new ApiClient(edge, await VenueServer.TokenAt(edge, Server.AdminKey));
            ApiReply older = await admin.Put($"{Entity}/news:-:sentiment", $$"""{"value":"0.1","source":"late","timeMs":{{knownMs - 1}}}""");
            older.Required().Shows($"isTaken=false value=0.8 source=wire timeMs={knownMs}");
        }

        Assert.Equal(["0.8"], (await Alice.Get(Entity)).Rows("features", "value"));
    }

    [SkippableFact]
    public async Task Features_are_listed_by_name_by_prefix_and_page_by_page_and_can_be_removed()
    {
        foreach (string name in (string[])["a:1m:x", "a:1m:y", "a:1h:x", "ab:1m:x"])
            await Put(name, """{"value":"1","source":"t"}""");

        ApiReply first = (await Alice.Get($"{Entity}?limit=3")).Required();
        ApiReply second = (await Alice.Get($"{Entity}?limit=3&cursor={first["nextCursor"]}")).Required();
        Assert.Equal(["a:1h:x", "a:1m:x", "a:1m:y"], first.Rows("features", "name"));
        Assert.Equal(["ab:1m:x"], second.Rows("features", "name"));
        Assert.Equal(["a:1m:x", "a:1m:y"], (await Bob.Get($"{Entity}?prefix=a:1m")).Rows("features", "name"));

        (await Server.Admin.Delete($"{Entity}?prefix=a:1m")).Required().Shows("removed=2");
        Assert.Equal(["a:1h:x", "ab:1m:x"], (await Bob.Get(Entity)).Rows("features", "name"));
    }

    [SkippableFact]
    public async Task As_of_a_time_every_edge_tells_what_was_known_then()
    {
        long knownMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000;
        await Put("news:-:sentiment", $$"""{"value":"0.1","source":"wire","timeMs":{{knownMs}}}""");
        await Put("news:-:sentiment", $$"""{"value":"0.2","source":"wire","timeMs":{{knownMs + 1_000}}}""");

        foreach (Uri edge in Server.Edges)
        {
            using var reader = new ApiClient(edge, await VenueServer.TokenAt(edge, Alice.Key));
            Assert.Equal(["0.1"], (await reader.Get($"{Entity}?asOf={knownMs + 999}")).Required().Rows("features", "value"));
            Assert.Equal(["0.2"], (await reader.Get($"{Entity}?asOf={knownMs + 1_000}")).Required().Rows("features", "value"));
            Assert.Equal(0, (await reader.Get($"{Entity}?asOf={knownMs - 1}")).Required().Count("features"));
            ApiReply joined = await reader.Post(
                "/api/v1/features/query", $$"""{"entities":["{{Market.Symbol}}"],"features":["news:-:sentiment"],"timesMs":[{{knownMs - 1}},{{knownMs}},{{knownMs + 5_000}}]}""");
            Assert.Contains("""
                "values":[null,"0.1","0.2"]
                """.Trim(), joined.Required().Text, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_price_is_no_longer_shown_after_a_minute()
    {
        // On a busy machine a put may come too late for what has two seconds left.
        long knownMs = 0;
        await Condition.Holds(async () =>
        {
            knownMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 58_000;
            return (await Server.Admin.Put($"{Entity}/price:-:elsewhere", $$"""{"value":"1","source":"t","timeMs":{{knownMs}}}""")).IsSuccess;
        });

        await Alice.GetUntil(Entity, reply => reply.Count("features") == 0);
        Assert.True(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() >= knownMs + 59_000);
    }

    [SkippableFact]
    public async Task Only_administrators_put_only_who_may_read_reads_and_what_is_malformed_is_refused_by_name()
    {
        const string Body = """{"value":"1","source":"t"}""";
        using var nobody = new ApiClient(Alice.Address, null);

        Assert.Equal("403 PERMISSION_MISSING", (await Alice.Put($"{Entity}/a:-:x", Body)).Refusal);
        Assert.Equal("401 CREDENTIALS_MISSING", (await nobody.Get(Entity)).Refusal);
        Assert.Equal("400 BAD_FEATURE_NAME", (await Server.Admin.Put($"{Entity}/x", Body)).Refusal);
        Assert.Equal("400 BAD_FEATURE_VALUE", (await Server.Admin.Put($"{Entity}/a:-:x", """{"value":"1e9","source":"t"}""")).Refusal);
        Assert.Equal("422 FEATURE_TIME", (await Server.Admin.Put($"{Entity}/a:-:x", """{"value":"1","source":"t","timeMs":1}""")).Refusal);
        (await Alice.Get(Entity)).Required().Shows("features=[]");
    }

    private async Task<ApiReply> Put(string name, string body) => (await Server.Admin.Put($"{Entity}/{name}", body)).Required();
}

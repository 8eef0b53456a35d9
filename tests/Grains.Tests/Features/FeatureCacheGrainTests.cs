using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Grains.Features;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Exchange.Grains.Port;
using Exchange.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Exchange.Grains.Tests.Features;

/// <summary>An entity's features over silos: what one edge puts the others read, whatever becomes of the silo that holds it or of its storage.</summary>
public sealed class FeatureCacheGrainTests : IAsyncLifetime
{
    private const string Entity = "BTCUSDT";

    private readonly FaultyStates _states = new();
    private TestSilos _silos = null!;

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private GrainId Id => _silos.AnyGrains().GetGrain<IFeatureCacheGrain>(Entity).GetGrainId();

    public async Task InitializeAsync() => _silos = await Start(SiloRole.All, SiloRole.All);

    public async Task DisposeAsync()
    {
        _states.OnRead = _states.OnWrite = StateFault.None;
        await _silos.DisposeAsync();
    }

    [Fact]
    public async Task What_one_silos_edge_puts_the_others_read()
    {
        await Put(Edge(0), "news:-:sentiment", "0.5");
        await Put(Edge(1), "news:-:headline", "calm", isNumber: false);

        Assert.Equal(["news:-:headline=calm", "news:-:sentiment=0.5"], await Read(Edge(0)));
        Assert.Equal(["news:-:headline=calm", "news:-:sentiment=0.5"], await Read(Edge(1)));
        Assert.Equal(1, await Edge(0).RemoveFeatures(Entity, "news:-:headline", CancellationToken.None));
        Assert.Equal(["news:-:sentiment=0.5"], await Read(Edge(1)));
    }

    [Fact]
    public async Task An_activation_that_ends_leaves_to_the_next_all_that_was_put()
    {
        for (int i = 0; i < 5; i++)
        {
            await Put(Edge(0), "news:-:sentiment", $"{i}");
            await _silos.Deactivate(Id);
            Assert.Equal([$"news:-:sentiment={i}"], await Read(Edge(1)));
        }
    }

    [Fact]
    public async Task What_was_written_outlives_a_killed_silo()
    {
        await Put(Edge(0), "fundamentals:-:supply", "19700000");
        await Condition.Holds(() => _states.Find(Id) is not null);
        int victim = _silos.SiloOf(Id);
        IExchange survivor = Edge(1 - victim);

        await _silos.Kill(victim);

        await Condition.Holds(async () => (await ReadOrNothing(survivor)).SequenceEqual(["fundamentals:-:supply=19700000"]));
        await Put(survivor, "fundamentals:-:supply", "19700001");
        Assert.Equal(["fundamentals:-:supply=19700001"], await Read(survivor));
    }

    [Fact]
    public async Task While_the_storage_cannot_be_read_nobody_is_told_that_there_is_nothing()
    {
        await Put(Edge(0), "news:-:sentiment", "1");
        await _silos.Deactivate(Id);
        _states.OnRead = StateFault.Refuse;

        await Assert.ThrowsAsync<FeaturesUnavailableException>(() => Read(Edge(0)));
        await Assert.ThrowsAsync<FeaturesUnavailableException>(() => Put(Edge(1), "news:-:sentiment", "2"));
        _states.OnRead = StateFault.None;

        Assert.Equal(["news:-:sentiment=1"], await Read(Edge(1)));
    }

    [Fact]
    public async Task While_the_storage_refuses_writes_features_go_on_and_are_written_after()
    {
        _states.OnWrite = StateFault.Refuse;
        await Put(Edge(0), "news:-:sentiment", "1");
        await Put(Edge(1), "news:-:volume", "2");

        Assert.Equal(["news:-:sentiment=1", "news:-:volume=2"], await Read(Edge(1)));
        Assert.Null(_states.Find(Id));
        _states.OnWrite = StateFault.None;
        await Condition.Holds(() => _states.Find(Id) is not null);
        await _silos.Deactivate(Id);
        Assert.Equal(["news:-:sentiment=1", "news:-:volume=2"], await Read(Edge(0)));
    }

    [Fact]
    public async Task An_activation_whose_write_meets_anothers_steps_down_and_the_next_one_shows_what_was_written()
    {
        await Put(Edge(0), "news:-:sentiment", "1");
        await Condition.Holds(() => _states.Find(Id) is not null);
        _states.Overwrite(Id, Bytes("news:-:sentiment", "9"));

        await Put(Edge(0), "news:-:volume", "2");

        await Condition.Holds(async () => (await Read(Edge(1))).SequenceEqual(["news:-:sentiment=9"]));
        await Put(Edge(1), "news:-:volume", "3");
        await _silos.Deactivate(Id);
        Assert.Equal(["news:-:sentiment=9", "news:-:volume=3"], await Read(Edge(0)));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_found_out_by_the_next_one()
    {
        _states.OnWrite = StateFault.LoseAnswer;
        await Put(Edge(0), "news:-:sentiment", "1");
        await Condition.Holds(() => _states.Writes == 1);
        _states.OnWrite = StateFault.None;

        // Its next write bears the version of before, so it steps down; what had come through is there.
        await Condition.Holds(() => _silos.SiloOf(Id) < 0);
        Assert.Equal(["news:-:sentiment=1"], await Read(Edge(1)));
        await Put(Edge(1), "news:-:sentiment", "2");
        await _silos.Deactivate(Id);
        Assert.Equal(["news:-:sentiment=2"], await Read(Edge(0)));
    }

    [Fact]
    public async Task Of_an_entity_without_features_no_row_is_left()
    {
        await Put(Edge(0), "news:-:sentiment", "1");
        await Condition.Holds(() => _states.Find(Id) is not null);

        await Edge(1).RemoveFeatures(Entity, "", CancellationToken.None);

        await Condition.Holds(() => _states.Find(Id) is null);
        await Put(Edge(0), "news:-:sentiment", "2");
        await _silos.Deactivate(Id);
        Assert.Equal(["news:-:sentiment=2"], await Read(Edge(1)));
    }

    [Fact]
    public async Task What_another_build_wrote_in_a_form_unknown_here_is_left_aside()
    {
        byte[] other = Bytes("news:-:sentiment", "1");
        other[8] = 9;
        _states.Overwrite(Id, other);

        Assert.Empty(await Read(Edge(0)));
        await Put(Edge(0), "news:-:sentiment", "2");
        await _silos.Deactivate(Id);
        Assert.Equal(["news:-:sentiment=2"], await Read(Edge(1)));
    }

    [Fact]
    public async Task Features_live_on_silos_that_serve_clients_and_many_puts_share_few_writes()
    {
        await using TestSilos silos = await Start(SiloRole.Engine, SiloRole.Edge);
        IExchange edge = silos.Services[1].GetRequiredService<GrainExchange>();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            edge.PutFeature(new Feature($"E{i % 20}", "news:-:sentiment", true, $"{i}", "test", NowMs), CancellationToken.None).AsTask()));

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(1, silos.SiloOf(silos.AnyGrains().GetGrain<IFeatureCacheGrain>($"E{i}").GetGrainId())));
        await Condition.Holds(() => _states.Writes >= 20);
        Assert.InRange(_states.Writes, 20, 250);
    }

    private Task<TestSilos> Start(params SiloRole[] roles) => TestSilos.Start(roles, configure: services =>
    {
        services.AddGrainStorage(StoredBytes.Storage, (_, _) => _states);
        services.Configure<GrainOptions>(options => options.FeatureWriteMs = 50);
    });

    private IExchange Edge(int silo) => _silos.Services[silo].GetRequiredService<GrainExchange>();

    private static async Task Put(IExchange edge, string name, string value, bool isNumber = true)
    {
        FeaturePut put = await edge.PutFeature(new Feature(Entity, name, isNumber, value, "test", NowMs), CancellationToken.None);
        Assert.Equal((FeatureOutcome.Taken, value), (put.Outcome, put.Current!.Value));
    }

    private static async Task<string[]> Read(IExchange edge) =>
        [.. (await edge.GetFeatures(Entity, "", null, 100, long.MaxValue, CancellationToken.None)).Features.Select(feature => $"{feature.Name}={feature.Value}")];

    private static async Task<string[]> ReadOrNothing(IExchange edge)
    {
        try
        {
            return await Read(edge);
        }
        catch (FeaturesUnavailableException)
        {
            return [];
        }
    }

    private static byte[] Bytes(string name, string value)
    {
        var cache = new FeatureCache(FeatureLimits.OfEntity);
        cache.Put(new Feature(Entity, name, true, value, "test", NowMs), NowMs);
        var writer = new SnapshotWriter();
        cache.Write(writer);
        return writer.Written.ToArray();
    }
}

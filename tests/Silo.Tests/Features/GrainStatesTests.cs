using System.Net;
using System.Text.Json;
using Exchange.Grains.Features;
using Exchange.Silo.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Exchange.Silo.Tests.Features;

/// <summary>Orleans' grain storage over our own statements in PostgreSQL, and features in it.</summary>
public sealed class GrainStatesTests
{
    [SkippableFact]
    public async Task The_statements_do_what_the_provider_asks_of_them()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await using ApiSilo silo = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "one");
        IGrainStorage storage = silo.App.Services.GetRequiredKeyedService<IGrainStorage>(StoredBytes.Storage);
        GrainId[] grains = [GrainId.Create("test", "a"), GrainId.Create("test", "b"), GrainId.Create("test", "0000000000000000000000000000000a")];
        foreach (GrainId grain in grains)
        {
            (byte first, byte second, byte other) = ((byte)(10 + grains.IndexOf(grain)), 2, 3);
            GrainState<StoredBytes> state = await Read(storage, grain);
            Assert.False(state.RecordExists);
            GrainState<StoredBytes> rival = await Read(storage, grain);

            await Write(storage, grain, state, first);
            await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, grain, rival, other));
            rival = await Read(storage, grain);
            Assert.Equal(("1", first), (rival.ETag, rival.State!.Bytes.Span[0]));
            await Write(storage, grain, state, second);
            await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, grain, rival, other));
            await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("test", grain, rival));
            Assert.Equal(("2", second), ((await Read(storage, grain)).ETag, (await Read(storage, grain)).State!.Bytes.Span[0]));
            await Write(storage, grain, state, first);
        }

        foreach (GrainId grain in grains)
        {
            GrainState<StoredBytes> state = await Read(storage, grain);
            Assert.Equal((byte)(10 + grains.IndexOf(grain)), state.State!.Bytes.Span[0]);
            await storage.ClearStateAsync("test", grain, state);
            Assert.False((await Read(storage, grain)).RecordExists);
            await Write(storage, grain, state, 1);
            Assert.Equal("1", state.ETag);
        }
    }

    [SkippableFact]
    public async Task What_is_known_of_an_entity_outlives_its_silo()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await using (ApiSilo silo = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "one"))
        {
            await Put(silo, "BTCUSDT", "1");
            await Put(silo, "ETHUSDT", "2");
        }

        Assert.Equal("BTCUSDT\nETHUSDT", TemporaryPostgres.Shared.Sql(name, "SELECT key_text FROM orleans.grain_states ORDER BY key_text"));
        await using ApiSilo next = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "two");
        Assert.Equal(["1"], await Read(next, "BTCUSDT"));
        Assert.Equal(["2"], await Read(next, "ETHUSDT"));
    }

    [SkippableFact]
    public async Task While_the_table_cannot_be_read_or_written_clients_are_told_so_and_nothing_else_suffers()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await using ApiSilo silo = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "one");
        await Put(silo, "BTCUSDT", "1");

        TemporaryPostgres.Shared.Sql(name, "ALTER TABLE orleans.grain_states RENAME TO away");
        await Put(silo, "BTCUSDT", "2");
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => Read(silo, "ETHUSDT"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("FEATURES_UNAVAILABLE", refused.Message, StringComparison.Ordinal);
        Assert.True(await silo.IsReady());
        Assert.Equal(["2"], await Read(silo, "BTCUSDT"));

        TemporaryPostgres.Shared.Sql(name, "ALTER TABLE orleans.away RENAME TO grain_states");
        Assert.Empty(await Read(silo, "ETHUSDT"));
        await Condition.Holds(() => TemporaryPostgres.Shared.Sql(name, "SELECT key_text FROM orleans.grain_states") == "BTCUSDT");
    }

    private static async Task Put(ApiSilo silo, string entity, string value) => await silo.Ask(
        await silo.TokenOf(0), HttpMethod.Put, $"/api/v1/features/{entity}/fundamentals:-:supply", new { value, source = "test" });

    private static async Task<string[]> Read(ApiSilo silo, string entity)
    {
        JsonElement answer = await silo.Get(await silo.TokenOf(0), $"/api/v1/features/{entity}");
        return [.. answer.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("value").GetString()!)];
    }

    private static async Task<GrainState<StoredBytes>> Read(IGrainStorage storage, GrainId grain)
    {
        var state = new GrainState<StoredBytes>();
        await storage.ReadStateAsync("test", grain, state);
        return state;
    }

    private static Task Write(IGrainStorage storage, GrainId grain, GrainState<StoredBytes> state, byte value)
    {
        state.State = new StoredBytes { Bytes = new[] { value } };
        return storage.WriteStateAsync("test", grain, state);
    }
}

using Exchange.Silo.Hosting;
using Exchange.Silo.Tests.Api;
using Exchange.Silo.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Silo.Tests.Clustering;

/// <summary>Silos that find each other in Redis instead of the database.</summary>
public sealed class RedisClusteringTests
{
    [SkippableFact]
    public async Task Two_silos_find_each_other_in_redis_and_one_that_stops_is_found_gone()
    {
        await using TemporaryRedis redis = await TemporaryRedis.Start();
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo one = await ApiSilo.Start(database, cluster, "one", redis.Settings);
        await using (ApiSilo other = await ApiSilo.Start(database, cluster, "other", redis.Settings))
        {
            await Condition.Holds(() => Members(one) == 2 && Members(other) == 2);
            Assert.Equal("0", TemporaryPostgres.Shared.Sql(
                new Npgsql.NpgsqlConnectionStringBuilder(database).Database!, "SELECT count(*) FROM orleans.members"));
        }

        await Condition.Holds(() => Members(one) == 1);
    }

    [Fact]
    public void Redis_without_its_address_is_refused_by_name()
    {
        var options = new SiloOptions { Database = "Host=localhost", Clustering = SiloClustering.Redis };

        Assert.Contains("Redis", Assert.Single(options.Validate(new(options))).ErrorMessage, StringComparison.Ordinal);
    }

    private static int Members(ApiSilo silo) => silo.App.Services.GetRequiredService<IClusterMembershipService>()
        .CurrentSnapshot.Members.Values.Count(member => member.Status == SiloStatus.Active);
}

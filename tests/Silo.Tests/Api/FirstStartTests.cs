using Exchange.Core.Port;
using Exchange.Edge.FirstStart;
using Exchange.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Silo.Tests.Api;

/// <summary>The first start of a cluster in Development.</summary>
public sealed class FirstStartTests
{
    [SkippableFact]
    public async Task Silos_that_start_at_once_make_one_set_of_demo_keys()
    {
        TemporaryPostgres.SkipIfAbsent();
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo one = await ApiSilo.Start(database, cluster, "silo-1");
        await using ApiSilo other = await ApiSilo.Start(database, cluster, "silo-2");
        ApiSilo[] silos = [one, other];
        await Condition.Holds(async () => await one.IsReady() && await other.IsReady());

        await Task.WhenAll(silos.Select(silo => SiloServer.StartFirst(silo.App, silo.Options)));

        string name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        Assert.Equal("3", TemporaryPostgres.Shared.Sql(name, "SELECT count(*) FROM exchange.keys"));
        ApiSilo maker = Assert.Single(silos, silo => File.Exists(Path.Combine(silo.Folder, DemoStart.KeysFile)));
        Assert.Equal(2, maker.App.Services.GetRequiredService<IExchange>().Instruments.Count);
    }
}

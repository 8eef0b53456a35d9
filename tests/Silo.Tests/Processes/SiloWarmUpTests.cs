using Exchange.Silo.Hosting;

namespace Exchange.Silo.Tests.Processes;

public sealed class SiloWarmUpTests
{
    [Fact]
    public async Task A_throw_away_silo_carries_out_what_clients_will_ask_for() => Assert.InRange(await SiloWarmUp.Run(), 1, int.MaxValue);

    [SkippableFact]
    public async Task A_silo_that_warmed_up_has_touched_no_book_and_no_account()
    {
        TemporaryPostgres.SkipIfAbsent();
        var options = new SiloOptions { Database = TemporaryPostgres.Shared.CreateDatabase(), ClusterId = $"test-{Guid.NewGuid():n}" };

        await using SiloProcess silo = await SiloProcess.Start(options, "warm", LoopbackPort.Free(), warmsUp: true);

        Assert.DoesNotContain("warm-up failed", silo.Output, StringComparison.Ordinal);
        string name = new Npgsql.NpgsqlConnectionStringBuilder(options.Database).Database!;
        Assert.Equal("0", TemporaryPostgres.Shared.Sql(name, "SELECT count(*) FROM exchange.journal"));
        Assert.Equal("0", TemporaryPostgres.Shared.Sql(name, "SELECT count(*) FROM exchange.keys"));
    }
}

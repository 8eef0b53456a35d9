using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Silo.Tests.Clustering;

/// <summary>Orleans' reminders over our own statements in PostgreSQL.</summary>
public sealed class RemindersTests
{
    [SkippableFact]
    public async Task Marks_that_are_listed_have_reminders_and_the_statements_do_what_the_provider_asks_of_them()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await using ApiSilo silo = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "one");
        IExchange exchange = silo.App.Services.GetRequiredService<IExchange>();
        Assert.Equal(RejectReason.None, (await exchange.List(BenchInstruments.Create(0), CancellationToken.None)).Reason);
        string name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await Condition.Holds(() => TemporaryPostgres.Shared.Sql(name, "SELECT grain, name, period_ms FROM orleans.reminders") == "ticker/0|awake|60000");

        IReminderTable table = silo.App.Services.GetRequiredService<IReminderTable>();
        var grain = GrainId.Create("test", "a");
        var entry = new ReminderEntry
        {
            GrainId = grain, ReminderName = "r", StartAt = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc), Period = TimeSpan.FromDays(40),
        };
        string first = (await table.UpsertRow(entry))!;
        string second = (await table.UpsertRow(entry))!;

        Assert.NotEqual(first, second);
        ReminderEntry read = (await table.ReadRow(grain, "r"))!;
        Assert.Equal((entry.StartAt, entry.Period, second), (read.StartAt.ToUniversalTime(), read.Period, read.ETag));
        Assert.Single((await table.ReadRows(grain)).Reminders);
        uint hash = grain.GetUniformHashCode();
        Assert.Contains((await table.ReadRows(hash - 1, hash)).Reminders, one => one.GrainId == grain);
        Assert.DoesNotContain((await table.ReadRows(hash, hash + 1)).Reminders, one => one.GrainId == grain);
        Assert.Contains((await table.ReadRows(hash + 1, hash)).Reminders, one => one.GrainId == grain);
        Assert.Equal(2, (await table.ReadRows(0, 0)).Reminders.Count);
        Assert.False(await table.RemoveRow(grain, "r", first));
        Assert.True(await table.RemoveRow(grain, "r", second));
        Assert.Null(await table.ReadRow(grain, "r"));
    }
}

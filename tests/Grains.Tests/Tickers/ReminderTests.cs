using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Exchange.Grains.Tests.Tickers;

/// <summary>A mark comes up again though nobody asks for it, or its funding rounds would wait.</summary>
public sealed class ReminderTests
{
    [Fact]
    public async Task A_mark_that_ended_is_woken_by_its_reminder()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.Engine], configure: services =>
        {
            services.Configure<GrainOptions>(options => options.WakeSeconds = 2);
            services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
        });
        ITickerGrain ticker = silos.GrainsOf(0).GetGrain<ITickerGrain>(0);
        await ticker.Deliver(new NodeBatch([]));
        IReminderTable reminders = silos.Services[0].GetRequiredService<IReminderTable>();
        await Condition.Holds(async () => (await reminders.ReadRows(ticker.GetGrainId())).Reminders.Count == 1);

        await silos.Deactivate<ITickerGrain>(0);

        await Condition.Holds(() => silos.IsActive<ITickerGrain>(0));
    }
}

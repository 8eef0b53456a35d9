using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Exchange.Edge.Hosting;
using Exchange.Edge.Telemetry;
using Exchange.Grains.Clocks;
using Exchange.Storage.Postgres;
using Microsoft.Extensions.Options;

namespace Exchange.Silo.Hosting;

/// <summary>Runs one silo until it is asked to stop.</summary>
internal static class SiloProgram
{
    public static async Task<int> Run(string[] args)
    {
        // The settings lie beside the program, wherever it is started from.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (!TryRead(builder.Configuration, out SiloOptions options, out string? problem))
        {
            Console.Error.WriteLine(problem);
            return ExitCodes.BadSetting;
        }

        if (await AddressOf(options.Address) is not { } address)
        {
            Console.Error.WriteLine($"Setting '{SiloOptions.Section}:{nameof(SiloOptions.Address)}': {options.Address} is no address and no name of one.");
            return ExitCodes.BadSetting;
        }

        using var meter = new Meter(ExchangeTelemetry.MeterName);
        await using PostgresStreamStore? store = await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None, meter);
        if (store is null)
            return ExitCodes.CannotStart;
        WebApplication? app = null;
        try
        {
            app = SiloServer.Build(builder, options, address, store);
            TellClocks(meter, app.Services.GetRequiredService<SiloClock>());
            if (options.WarmUp)
                await SiloWarmUp.RunOrSayWhyNot();
            await app.StartAsync();
            if (options.ServesApi)
                await SiloServer.StartFirst(app, options);
        }
        catch (OptionsValidationException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return ExitCodes.BadSetting;
        }
        catch (Exception cause) when (cause is IOException or SocketException or OrleansException or InvalidOperationException or TimeoutException)
        {
            Console.Error.WriteLine($"The silo cannot start: {cause.Message}");
            return ExitCodes.CannotStart;
        }

        await using (app)
        {
            Console.WriteLine($"Silo {options.NameOrDefault} ({options.Role}) is in cluster {options.ClusterId} at {address}:{options.SiloPort}; {(options.ServesApi ? "API and health" : "health")} on {app.Urls.First()}.");
            await app.WaitForShutdownAsync();
        }

        return 0;
    }

    private static void TellClocks(Meter meter, SiloClock clock) => meter.CreateObservableGauge(
        "clock_ahead_ms", () => (Measurement<long>[])[
            new(clock.MachineAheadMs, new KeyValuePair<string, object?>("clock", "machine")),
            new(clock.DatabaseAheadMs, new KeyValuePair<string, object?>("clock", "database")),
        ], "ms", "How far a clock is ahead of the time that is stamped.");

    private static bool TryRead(IConfiguration settings, out SiloOptions options, out string? problem)
    {
        try
        {
            options = settings.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
            ValidateOptionsResult result = new SettingsCheck<SiloOptions>(settings, SiloOptions.Section).Validate(null, options);
            problem = result.Failed ? result.FailureMessage : null;
        }
        catch (InvalidOperationException unreadable)
        {
            options = new SiloOptions();
            problem = unreadable.Message;
        }

        return problem is null;
    }

    private static async Task<IPAddress?> AddressOf(string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
            return address;
        try
        {
            return (await Dns.GetHostAddressesAsync(text, AddressFamily.InterNetwork)).FirstOrDefault();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}

using System.Diagnostics.Metrics;
using Exchange.Api;
using Exchange.Core.Port;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Embedded;
using Microsoft.Extensions.Options;

// The settings lie beside the program, wherever it is started from.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (!ApiOptions.TryRead(builder.Configuration, builder.Environment.IsDevelopment(), out ApiOptions options, out string? problem))
{
    Console.Error.WriteLine(problem);
    return ExitCodes.BadSetting;
}

EmbeddedOptions embedded = options.ToEmbedded();
EmbeddedExchange exchange;
try
{
    Directory.CreateDirectory(embedded.Directory);
    exchange = EmbeddedExchange.Open(embedded, TimeProvider.System, damaged => Console.Error.WriteLine($"Passed over: {damaged.Message}"));
}
catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or Exchange.Core.InvariantException or Exchange.Core.Wire.SnapshotException)
{
    Console.Error.WriteLine($"The venue in {embedded.Directory} cannot start: {cause.Message}");
    return ExitCodes.CannotStart;
}

using (exchange)
{
    builder.Configuration["Keys:Folder"] ??= embedded.Directory;
    builder.Services.AddSingleton<IExchange>(_ => exchange);
    builder.Services.AddExchangeEdge();
    await using WebApplication? app = builder.BuildOrSayWhyNot();
    if (app is null)
        return ExitCodes.BadSetting;
    string url;
    try
    {
        app.MapExchangeEdge();
        await app.StartAsync();
        url = app.Urls.First();
        IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
        AuditLog audit = app.Services.GetRequiredService<AuditLog>();
        if (app.Environment.IsDevelopment())
            await new DemoStart(exchange, keys, audit, embedded.Directory).RunIfNew(url, Console.Out, TimeProvider.System.GetUtcNow());
        else
            FirstKey.MakeIfNone(keys, audit, options.AdminKeyFile, Console.Out);
    }
    catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidOperationException or OptionsValidationException or FormatException)
    {
        Console.Error.WriteLine($"The server cannot start: {cause.Message}");
        return ExitCodes.CannotStart;
    }

    ReplicaMetrics.Tell(exchange.Replica, app.Services.GetRequiredService<IMeterFactory>());
    // Told last: whoever waits for this line finds everything done.
    Console.WriteLine($"Recovered to record {exchange.Recovery.LastSequence}; {exchange.Recovery.Records} replayed from the journal.");
    Console.WriteLine($"Exchange listens on {url}; the venue lives in {embedded.Directory}.");
    using var watch = new FailureWatch(exchange, app.Lifetime);
    await app.WaitForShutdownAsync();
}

return exchange.Failure is null ? 0 : ExitCodes.VenueFailed;

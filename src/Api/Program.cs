using System.Diagnostics.Metrics;
using Exchange.Api;
using Exchange.Api.Demo;
using Exchange.Core.Port;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.FirstStart;
using Exchange.Edge.Hosting;
using Exchange.Embedded;
using Microsoft.Extensions.Options;

// The settings lie beside the program, wherever it is started from.
string[] settings = [.. args.Select(argument => argument == "--demo" ? "--Demo:Run=true" : argument)]; // Every other option has a value.
var server = new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory };
WebApplicationBuilder builder = WebApplication.CreateBuilder(server);
InlineSockets.Use(builder);
if (!ApiOptions.TryRead(builder.Configuration, builder.Environment.IsDevelopment(), out ApiOptions options, out string? problem))
{
    Console.Error.WriteLine(problem);
    return ExitCodes.BadSetting;
}

EmbeddedOptions embedded = options.ToEmbedded();
using EmbeddedExchange? exchange = await VenueStart.OpenOrSayWhyNot(embedded, server);
if (exchange is null)
    return ExitCodes.CannotStart;

builder.Configuration["Keys:Folder"] ??= embedded.Directory;
builder.Services.AddSingleton<IExchange>(_ => exchange);
var readiness = new Readiness { IsWarm = false, Warning = () => exchange.History?.Warning };
builder.Services.AddSingleton(readiness);
builder.Services.AddExchangeEdge();
await using (WebApplication? app = builder.BuildOrSayWhyNot())
{
    if (app is null)
        return ExitCodes.BadSetting;
    var messages = StartMessages.Of(app);
    string url;
    DemoRun? demo;
    try
    {
        app.MapExchangeEdge();
        await app.StartAsync();
        url = app.Urls.First();
        IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
        IAuditLog audit = app.Services.GetRequiredService<IAuditLog>();
        if (app.Environment.IsDevelopment())
            await new DemoStart(exchange, keys, audit, embedded.Directory).RunIfNew(url, messages.Secrets, TimeProvider.System.GetUtcNow());
        else
            await FirstKey.MakeIfNone(keys, audit, options.AdminKeyFile, nameof(ApiOptions.AdminKeyFile), messages.Say);
        demo = await DemoRun.StartIfAsked(exchange, options.Demo, messages, TimeProvider.System);
    }
    catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidOperationException or OptionsValidationException or FormatException)
    {
        Console.Error.WriteLine($"The server cannot start: {cause.Message}");
        return cause is OptionsValidationException ? ExitCodes.BadSetting : ExitCodes.CannotStart;
    }

    VenueMetrics.Tell(exchange, app.Services.GetRequiredService<IMeterFactory>());
    // Told last: whoever waits for this line finds everything done.
    messages.Say($"Recovered to record {exchange.Recovery.LastSequence}; {exchange.Recovery.Records} replayed from the journal.");
    messages.Say($"Exchange listens on {url}; the venue lives in {embedded.Directory}.");
    using var watch = new FailureWatch(exchange, app.Lifetime, messages);
    Task warmUp = options.WarmUp ? WarmUp.RunOrSayWhyNot(messages, app.Lifetime.ApplicationStopping) : Task.CompletedTask;
    _ = warmUp.ContinueWith(_ => readiness.IsWarm = true, TaskScheduler.Default);
    await app.WaitForShutdownAsync();
    if (demo is not null)
        await demo.DisposeAsync();
    await warmUp;
}

return exchange.Failure is null ? 0 : ExitCodes.VenueFailed;

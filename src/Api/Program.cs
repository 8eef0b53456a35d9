using Exchange.Api;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Embedded;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
ApiOptions options = builder.Configuration.Get<ApiOptions>() ?? new ApiOptions();
if (options.Problem(builder.Environment.IsDevelopment()) is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
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
    return 3;
}

using (exchange)
{
    builder.Configuration["Keys:Folder"] ??= embedded.Directory;
    builder.Services.AddSingleton<IExchange>(_ => exchange);
    builder.Services.AddExchangeEdge();
    WebApplication app = builder.Build();
    app.MapExchangeEdge();
    await app.StartAsync();
    string url = app.Urls.FirstOrDefault() ?? "http://localhost:5080";
    Console.WriteLine($"Exchange listens on {url}; the venue lives in {embedded.Directory}.");
    IKeyStore keys = app.Services.GetRequiredService<IKeyStore>();
    if (app.Environment.IsDevelopment() && keys.IsEmpty && exchange.Instruments.Count == 0)
        await DemoStart.Run(exchange, keys, embedded.Directory, url, Console.Out, TimeProvider.System.GetUtcNow());
    using var watch = new FailureWatch(exchange, app.Lifetime);
    await app.WaitForShutdownAsync();
    await app.DisposeAsync();
}

return exchange.Failure is null ? 0 : 4;

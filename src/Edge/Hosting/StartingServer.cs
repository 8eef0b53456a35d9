using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Hosting;

/// <summary>Answers while a venue recovers, which may take minutes: alive, and not ready for anything. It goes before the server comes.</summary>
public static class StartingServer
{
    /// <summary>Starts it on the address of the settings; null: these cannot be used, which the server itself will say.</summary>
    /// <param name="settings">As the server's.</param>
    public static async Task<WebApplication?> TryStart(WebApplicationOptions settings)
    {
        try
        {
            return await Start(settings);
        }
        catch (Exception cause) when (cause is IOException or InvalidOperationException or OptionsValidationException or FormatException)
        {
            return null;
        }
    }

    private static async Task<WebApplication> Start(WebApplicationOptions settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddSettings<EdgeOptions>(EdgeOptions.Section);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<AnswerPool>();
        builder.Services.AddSingleton<ProblemWriter>();
        builder.Services.AddSingleton<RequestFrame>();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();   // Nothing has been acknowledged yet: a signal may end the process at once.
        WebApplication app = builder.Build();
        RequestFrame frame = app.Services.GetRequiredService<RequestFrame>();
        ProblemWriter problems = app.Services.GetRequiredService<ProblemWriter>();
        app.Use(next => context => frame.Invoke(context, next));
        app.Run(context => Answer(context, problems));
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static Task Answer(HttpContext context, ProblemWriter problems)
    {
        if (context.Request.Path != "/health/live")
        {
            problems.Write(context, new Problem(ErrorCatalogue.NotReady));
            return Task.CompletedTask;
        }

        ReadOnlyMemory<byte> alive = """{"status":"ok"}"""u8.ToArray();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = alive.Length;
        return context.Response.Body.WriteAsync(alive, context.RequestAborted).AsTask();
    }
}

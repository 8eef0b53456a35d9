using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Telemetry;

/// <summary>Metrics and traces of a host, whether it serves the API or not.</summary>
public static class ExchangeTelemetry
{
    /// <summary>Of what a host measures itself: what is created under this name is told.</summary>
    public const string MeterName = EdgeMetrics.MeterName;

    /// <remarks>Settings: section <c>Telemetry</c>, checked at start. <see cref="ExchangeEdge"/> adds it by itself.</remarks>
    public static IServiceCollection AddExchangeTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TelemetryOptions>>().Value);
        services.TryAddSingleton<AnswerPool>();
        services.TryAddSingleton<ProblemWriter>();
        services.AddSingleton<TelemetryService>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryService>());
        return services;
    }

    /// <summary>Serves /metrics.</summary>
    public static void MapExchangeMetrics(this WebApplication app) => app.Services.GetRequiredService<TelemetryService>().Map(app);
}

using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Exchange.Edge.Telemetry;

/// <summary>Metrics and traces of a host, whether it serves the API or not.</summary>
public static class ExchangeTelemetry
{
    /// <summary>Of what a host measures itself: what is created under this name is told.</summary>
    public const string MeterName = EdgeMetrics.MeterName;

    /// <remarks>Settings: section <c>Telemetry</c>, checked at start. <see cref="ExchangeEdge"/> adds it by itself.</remarks>
    /// <param name="meters">Adds what this kind of host measures beside what every one does.</param>
    /// <param name="traces">The same of its spans.</param>
    public static IServiceCollection AddExchangeTelemetry(
        this IServiceCollection services, Action<MeterProviderBuilder>? meters = null, Action<TracerProviderBuilder>? traces = null)
    {
        // A host that measures more than its edge has asked for it before the edge does.
        if (services.Any(service => service.ServiceType == typeof(HostSources)))
            return services;
        services.AddMetrics();
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TelemetryOptions>>().Value);
        services.TryAddSingleton<AnswerPool>();
        services.TryAddSingleton<ProblemWriter>();
        services.AddSingleton(new HostSources(meters, traces));
        services.AddSingleton<TelemetryService>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryService>());
        return services;
    }

    /// <summary>Serves /metrics.</summary>
    public static void MapExchangeMetrics(this WebApplication app) => app.Services.GetRequiredService<TelemetryService>().Map(app);
}

/// <summary>What a kind of host tells beside what every one does.</summary>
internal sealed record HostSources(Action<MeterProviderBuilder>? Meters, Action<TracerProviderBuilder>? Traces);

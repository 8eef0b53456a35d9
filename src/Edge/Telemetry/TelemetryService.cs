using System.Diagnostics.Metrics;
using System.Net;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Edge.Telemetry;

/// <summary>Collects metrics while the server runs: for whoever asks at /metrics and, with traces, for a collector by OTLP.</summary>
internal sealed class TelemetryService(IMeterFactory meters, TelemetryOptions options, HostSources ofHost, ProblemWriter problems)
    : IHostedService, IDisposable
{
    private readonly PrometheusText _prometheus = new();
    private MeterProvider? _meterProvider;
    private TracerProvider? _tracerProvider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService("exchange", serviceVersion: typeof(TelemetryService).Assembly.GetName().Version?.ToString(3));
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(EdgeMetrics.MeterName, ProblemWriter.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddView(instrument => IsOurs(instrument.Meter) ? null : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(_prometheus));
        ofHost.Meters?.Invoke(builder);
        if (options.HttpMetrics)
            builder.AddMeter("Microsoft.AspNetCore.Hosting");
        if (options.OtlpEndpoint is not null)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.ExportIntervalMs;
            });
            TracerProviderBuilder traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(RequestTracing.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
                .AddOtlpExporter(exporter => Aim(exporter, "v1/traces"));
            ofHost.Traces?.Invoke(traces);
            _tracerProvider = traces.Build();
        }

        _meterProvider = builder.Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what has gathered, as far as the collector takes it soon.</summary>
    public void Dispose()
    {
        _tracerProvider?.Dispose();
        _meterProvider?.Dispose();
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Send).ExcludeFromDescription();

    private Task Send(HttpContext context)
    {
        if (!options.MetricsToAnyone && ClientAddress.Of(context) is { } address && !IPAddress.IsLoopback(address))
        {
            problems.Write(context, new Problem(ErrorCatalogue.NotFound));
            return Task.CompletedTask;
        }

        byte[] text = System.Text.Encoding.UTF8.GetBytes(_prometheus.Read());
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.ContentLength = text.Length;
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }

    /// <summary>Of this server: another one in the same process, as tests have them, has meters of the same names.</summary>
    private bool IsOurs(Meter meter) => meter.Scope is null || ReferenceEquals(meter.Scope, meters);

    private void Aim(OtlpExporterOptions exporter, string path)
    {
        bool isHttp = options.OtlpProtocol == "http";
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(isHttp ? $"{options.OtlpEndpoint!.TrimEnd('/')}/{path}" : options.OtlpEndpoint!);
    }
}

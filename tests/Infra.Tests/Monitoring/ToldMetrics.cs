using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Exchange.Edge.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Hosting;

namespace Exchange.Infra.Tests.Monitoring;

/// <summary>Every name that /metrics can have: from the code, from the runtime and its server, and from Orleans.</summary>
internal static class ToldMetrics
{
    public const string OrleansList = "tests/Infra.Tests/Monitoring/orleans-instruments.txt";

    private static readonly Lazy<FrozenSet<string>> All = new(() => Own().Concat(Frameworks()).Concat(Orleans()).Append("up").ToFrozenSet(StringComparer.Ordinal));

    public static IReadOnlySet<string> Names => All.Value;

    /// <summary>Instruments that the code makes: <c>meter.CreateCounter("name", "unit", …)</c> and its like.</summary>
    public static IEnumerable<string> Own() =>
        from root in SourceTree.Of()
        from call in root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax
        let kind = KindOf(((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.Text)
        where kind is not null
        let arguments = call.ArgumentList.Arguments
        let name = SourceTree.Literal(arguments[0].Expression)
        where name is not null
        let unit = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.Text == "unit")
            ?? arguments.Skip(1).FirstOrDefault(argument => argument.NameColon is null && SourceTree.Literal(argument.Expression) is not null)
        from told in Told(name, unit is null ? "" : SourceTree.Literal(unit.Expression)!, kind)
        select told;

    /// <summary>The meters of others that the server tells of: <c>AddMeter("name")</c>.</summary>
    public static IEnumerable<string> Meters() =>
        from root in SourceTree.Of("Edge", "Silo")
        from call in root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "AddMeter" }
        from argument in call.ArgumentList.Arguments
        let name = SourceTree.Literal(argument.Expression)
        where name is not null
        select name;

    /// <summary>Theirs but Orleans', as they are when a server runs.</summary>
    private static List<string> Frameworks()
    {
        string[] meters = [.. Meters()];
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (!meters.Contains(instrument.Meter.Name))
                    return;
                lock (names)
                    names.AddRange(Told(instrument.Name, instrument.Unit ?? "", instrument.GetType().Name.Split('`')[0]));
            },
        };
        listener.Start();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        using WebApplication server = builder.Build();
        server.Start();
        return names;
    }

    private static IEnumerable<string> Orleans() => !Meters().Contains("Microsoft.Orleans") ? [] : File.ReadLines(RepositoryRoot.Combine(OrleansList.Split('/')))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .SelectMany(parts => Told(parts[0], parts[2] == "-" ? "" : parts[2], parts[1]));

    private static string? KindOf(string method) => method.StartsWith("Create", StringComparison.Ordinal)
        && method[6..] is "Counter" or "Histogram" or "UpDownCounter" or "Gauge" or "ObservableCounter" or "ObservableUpDownCounter" or "ObservableGauge"
            ? method[6..] : null;

    private static IEnumerable<string> Told(string instrument, string unit, string kind)
    {
        string name = PrometheusText.NameOf(instrument, unit, kind is "Counter" or "ObservableCounter");
        return kind == "Histogram" ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
    }
}

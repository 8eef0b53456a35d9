using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Exchange.Edge.Telemetry;

/// <summary>Metrics in Prometheus' text format 0.0.4, made when they are asked for.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusText : BaseExporter<Metric>, IPullMetricExporter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>Set by the reader that this belongs to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Everything as it stands now.</summary>
    public string Read()
    {
        lock (_gate)
        {
            _text.Clear();
            Collect!(Timeout.Infinite);
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
            Append(metric);
        return ExportResult.Success;
    }

    /// <summary>Letters, digits and underscores, ending with the unit, and with _total if it only grows.</summary>
    public static string NameOf(string name, string unit, bool onlyGrows)
    {
        var text = new StringBuilder(name.Length + 16);
        foreach (char c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_ms", _ => "" };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            text.Append(suffix);
        if (onlyGrows && !name.EndsWith("_total", StringComparison.Ordinal))
            text.Append("_total");
        return text.ToString();
    }

    private void Append(Metric metric)
    {
        bool onlyGrows = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        bool isHistogram = metric.MetricType == MetricType.Histogram;
        string name = NameOf(metric.Name, metric.Unit, onlyGrows);
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(metric.Description, "\n")}\n");
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(isHistogram ? "histogram" : onlyGrows ? "counter" : "gauge")}\n");
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = LabelsOf(in point);
            if (isHistogram)
                AppendHistogram(name, labels, in point);
            else
                AppendLine(name, labels, ValueOf(metric.MetricType, in point));
        }
    }

    private void AppendHistogram(string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            string bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Text(bucket.ExplicitBound);
            AppendLine(name + "_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"", Text(below));
        }

        AppendLine(name + "_sum", labels, Text(point.GetHistogramSum()));
        AppendLine(name + "_count", labels, Text(point.GetHistogramCount()));
    }

    private void AppendLine(string name, string labels, string value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value).Append('\n');
    }

    private static string ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Text(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Text(point.GetSumDouble()),
        MetricType.LongGauge => Text(point.GetGaugeLastValueLong()),
        _ => Text(point.GetGaugeLastValueDouble()),
    };

    private static string LabelsOf(in MetricPoint point)
    {
        var text = new StringBuilder();
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(NameOf(tag.Key, "", onlyGrows: false)).Append("=\"");
            text.Append(Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "", "\n\"")).Append('"');
        }

        return text.ToString();
    }

    private static string Escaped(string text, string special)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal);
        foreach (char c in special)
            text = text.Replace($"{c}", c == '\n' ? "\\n" : $"\\{c}", StringComparison.Ordinal);
        return text;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

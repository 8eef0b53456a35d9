namespace Exchange.Cli.Benchmarks;

/// <summary>What of several runs is told: the middle one.</summary>
internal static class Medians
{
    public static double Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

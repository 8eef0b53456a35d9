using System.Globalization;

namespace Exchange.Cli.Doctor;

/// <summary>Processors as the kernel lists them: <c>0-3,8</c>.</summary>
internal static class CpuList
{
    public static IReadOnlySet<int> Parse(string? text)
    {
        var cpus = new SortedSet<int>();
        foreach (string range in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int cpu = int.Parse(ends[0], CultureInfo.InvariantCulture); cpu <= last; cpu++)
                cpus.Add(cpu);
        }

        return cpus;
    }
}

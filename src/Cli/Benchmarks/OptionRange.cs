using System.CommandLine;

namespace Exchange.Cli.Benchmarks;

/// <summary>Bounds of a numeric option.</summary>
internal static class OptionRange
{
    /// <summary>Refuses values outside both ends, by the option's name.</summary>
    public static void RequireRange(this Option<int> option, int least, int most) =>
        option.Validators.Add(result =>
        {
            int value = result.GetValueOrDefault<int>();
            if (value < least || value > most)
                result.AddError($"{option.Name} is from {least} to {most}.");
        });
}

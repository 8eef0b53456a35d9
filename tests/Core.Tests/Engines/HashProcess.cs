using System.Diagnostics;
using System.Globalization;

namespace Exchange.Core.Tests.Engines;

/// <summary>Entry point of the test assembly as a process of its own: prints the hashes of scripts, computed under a culture.</summary>
/// <remarks>Every .NET process draws a seed of its own for the hashes of strings; the first line shows what this one made of it.</remarks>
internal static class HashProcess
{
    private const string Verb = "engine-hashes";

    public static int Main(string[] arguments)
    {
        if (arguments is not [Verb, string culture, string scripts, string commands])
            return 2;
        CultureInfo.CurrentCulture = Named(culture);
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
        string shown = (-1234.5).ToString("N1", CultureInfo.CurrentCulture);
        Console.WriteLine($"{CultureInfo.CurrentCulture.Name}|{shown}|{"exchange".GetHashCode(StringComparison.Ordinal)}");
        foreach (string line in Lines(int.Parse(scripts, CultureInfo.InvariantCulture), int.Parse(commands, CultureInfo.InvariantCulture)))
            Console.WriteLine(line);
        return 0;
    }

    /// <summary>One line a script, seeds from 1 on.</summary>
    public static IEnumerable<string> Lines(int scripts, int commands)
    {
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
            yield return EngineHashes.Of(seed, commands).ToString();
    }

    /// <summary>Runs this assembly as a child and returns its lines; with the system's cultures if it has them.</summary>
    public static string[] Run(string culture, int scripts, int commands)
    {
        (int code, string output, string errors) = Start(culture, scripts, commands, invariant: "0");
        if (code != 0 && errors.Contains("ICU", StringComparison.Ordinal))
            (code, output, errors) = Start(culture, scripts, commands, invariant: "1");
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static (int Code, string Output, string Errors) Start(string culture, int scripts, int commands, string invariant)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["exec", typeof(HashProcess).Assembly.Location, Verb, culture])
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(scripts.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(commands.ToString(CultureInfo.InvariantCulture));
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = invariant;
        start.Environment["LC_ALL"] = culture.Replace('-', '_') + ".UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>The culture; where the system has none but the invariant one, that one with all that can be set set otherwise.</summary>
    private static CultureInfo Named(string culture)
    {
        try
        {
            return new CultureInfo(culture, useUserOverride: false);
        }
        catch (CultureNotFoundException)
        {
            var changed = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            changed.NumberFormat.NegativeSign = "\u2212";
            changed.NumberFormat.NumberDecimalSeparator = ",";
            changed.NumberFormat.NumberGroupSeparator = ".";
            return changed;
        }
    }
}

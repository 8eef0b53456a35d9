using System.CommandLine;
using System.Text.Json;

namespace Exchange.Cli.Doctor;

/// <summary><c>exchange doctor [DIR]</c>: whether this machine is fit to carry an exchange, and what to do where it is not.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> folder = new("DIR")
        {
            Description = "Folder that the journal or the database lies in: its disk is measured with a file of 1 MiB for up to 3 s. Default: this one.",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        folder.AcceptExistingOnly();
        Command command = new("doctor", "Checks this machine: clock, processors, memory, disk, network, kernel. Ends with 1 if anything is unfit.") { folder, json };
        command.SetAction(parsed =>
        {
            var host = new Host { DataFolder = parsed.GetRequiredValue(folder).FullName };
            return Run(host, HostChecks.All, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    /// <summary>Looks at everything and tells it.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(Host host, IReadOnlyList<HostCheck> checks, bool json, TextWriter output)
    {
        (HostCheck Check, Sight Sight)[] seen = [.. checks.Select(check => (check, check.Look(host)))];
        int Count(Verdict verdict) => seen.Count(one => one.Sight.Verdict == verdict);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                ok = Count(Verdict.Ok), warn = Count(Verdict.Warn), fail = Count(Verdict.Fail),
                checks = seen.Select(one => new
                {
                    name = one.Check.Name, verdict = Word(one.Sight.Verdict), found = one.Sight.Found, wanted = one.Check.Wanted, why = one.Check.Why,
                    remedy = one.Sight.Verdict == Verdict.Ok ? null : one.Check.Remedy,
                }),
            }));
        }
        else
        {
            int width = checks.Max(check => check.Name.Length);
            foreach ((HostCheck check, Sight sight) in seen)
                Tell(check, sight, width, output);
            output.WriteLine($"{Count(Verdict.Ok)} ok, {Count(Verdict.Warn)} warn, {Count(Verdict.Fail)} fail");
        }

        return Count(Verdict.Fail) == 0 ? ExchangeCommandLine.Done : ExchangeCommandLine.Failed;
    }

    private static void Tell(HostCheck check, Sight sight, int width, TextWriter output)
    {
        output.WriteLine($"{Word(sight.Verdict),-4}  {check.Name.PadRight(width)}  {sight.Found}");
        if (sight.Verdict == Verdict.Ok)
            return;
        string margin = new(' ', 6 + width + 2);
        output.WriteLine($"{margin}Wanted: {check.Wanted}. {check.Why}");
        output.WriteLine($"{margin}{check.Remedy}");
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warn => "warn", _ => "fail" };
}

using System.Diagnostics;
using System.Text.RegularExpressions;
using Exchange.Cli.Doctor;

namespace Exchange.Cli.Tests.Doctor;

/// <summary>What infra/host-tuning sets is what the doctor verifies, and the other way round.</summary>
public sealed partial class HostTuningTests
{
    private static string Folder => RepositoryRoot.Combine("infra", "host-tuning");

    [Fact]
    public void The_document_is_current() => AssertCurrent("README.md", HostTuningDocument.Markdown());

    [Fact]
    public void The_sysctls_are_current() => AssertCurrent(Sysctls.FileName, Sysctls.Conf());

    [Theory]
    [InlineData("tune.sh")]
    [InlineData("90-exchange-limits.conf")]
    public void A_file_has_a_step_for_each_check_that_names_it_and_no_other(string file)
    {
        string[] steps = [.. StepHeading().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(match => match.Groups["name"].Value)];

        Assert.Equal(HostChecks.All.Where(check => check.SetBy == file).Select(check => check.Name).Order(), steps.Order());
    }

    [Fact]
    public void Every_file_that_a_check_names_exists_and_no_name_is_used_twice()
    {
        Assert.All(HostChecks.All.Select(check => check.SetBy).OfType<string>(), file => Assert.True(File.Exists(Path.Combine(Folder, file)), file));
        Assert.Equal(HostChecks.All.Count, HostChecks.All.Select(check => check.Name).Distinct().Count());
    }

    [Fact]
    public void Every_check_says_why_and_what_to_do_in_a_sentence() => Assert.All(HostChecks.All, check =>
    {
        Assert.Matches(@"^[A-Z].*\.$", check.Why);
        Assert.Matches(@"^[A-Z].*[.)]$", check.Remedy);
        Assert.DoesNotContain('|', check.Why + check.Remedy + check.Wanted + check.SeenIn);
    });

    [SkippableFact]
    public void The_script_is_one_that_a_shell_can_read()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "no shell");
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-n", Path.Combine(Folder, "tune.sh")]) { UseShellExecute = false, RedirectStandardError = true })!;

        Assert.Equal("", shell.StandardError.ReadToEnd());
    }

    [SkippableTheory]
    [InlineData("0-7", "2-7", "00000003")]
    [InlineData("0-1", "", "00000003")]
    [InlineData("0-63", "8-63", "00000000,000000ff")]
    [InlineData("0-39", "0,2-35", "000000f0,00000002")]
    public void Interrupts_go_to_the_processors_that_are_not_isolated(string online, string isolated, string mask)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "no shell");
        string folder = Directory.CreateTempSubdirectory("exchange-tune-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "online"), online + "\n");
            File.WriteAllText(Path.Combine(folder, "isolated"), isolated + "\n");
            string function = MaskFunction().Match(File.ReadAllText(Path.Combine(Folder, "tune.sh"))).Value;
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-euc", $"cpus={folder}\n{function}\nhousekeeping_mask"]) { UseShellExecute = false, RedirectStandardOutput = true })!;

            Assert.Equal(mask + "\n", shell.StandardOutput.ReadToEnd());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertCurrent(string file, string expected)
    {
        string path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("EXCHANGE_UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == expected,
            $"infra/host-tuning/{file} is stale. Make it anew: EXCHANGE_UPDATE_DOCS=1 dotnet test tests/Cli.Tests --filter HostTuningTests");
    }

    [GeneratedRegex("^# (?<name>[a-z]+(-[a-z]+)*)(:.*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex StepHeading();

    [GeneratedRegex(@"^housekeeping_mask\(\) \{\n.*?^\}", RegexOptions.Multiline | RegexOptions.Singleline, 5000)]
    private static partial Regex MaskFunction();
}

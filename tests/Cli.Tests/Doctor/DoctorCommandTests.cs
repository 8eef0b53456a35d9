using System.CommandLine;
using System.Text.Json;
using Exchange.Cli.Doctor;

namespace Exchange.Cli.Tests.Doctor;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly TunedMachine _machine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-doctor-data-").FullName;

    public void Dispose()
    {
        _machine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Warnings_tell_what_to_do_and_end_with_0()
    {
        _machine.Write("/proc/sys/vm/swappiness", "60");

        (int code, string text) = Run(json: false);

        Assert.Equal(0, code);
        Assert.Contains("warn  vm.swappiness", text, StringComparison.Ordinal);
        Assert.Contains("Wanted: at most 1.", text, StringComparison.Ordinal);
        Assert.Contains("into /etc/sysctl.d", text, StringComparison.Ordinal);
        Assert.EndsWith($"{HostChecks.All.Count - 1} ok, 1 warn, 0 fail\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_unfit_thing_ends_with_1()
    {
        _machine.Processors = 1;

        Assert.Equal(1, Run(json: false).Code);
        Assert.Equal(1, Run(json: true).Code);
    }

    [Fact]
    public void Json_is_one_line_with_every_check()
    {
        _machine.Write("/proc/sys/vm/swappiness", "60");

        string text = Run(json: true).Text;
        using var told = JsonDocument.Parse(text);
        JsonElement[] checks = [.. told.RootElement.GetProperty("checks").EnumerateArray()];

        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(HostChecks.All.Select(check => check.Name), checks.Select(check => check.GetProperty("name").GetString()));
        JsonElement warned = Assert.Single(checks, check => check.GetProperty("verdict").GetString() == "warn");
        Assert.Equal("60", warned.GetProperty("found").GetString());
        Assert.Equal(JsonValueKind.String, warned.GetProperty("remedy").ValueKind);
        Assert.Equal(1, told.RootElement.GetProperty("warn").GetInt32());
    }

    [SkippableFact]
    public void This_machine_is_examined_and_nothing_is_left_behind()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "not Linux");
        using var output = new StringWriter();

        int code = ExchangeCommandLine.Create().Parse(["doctor", _folder, "--json"]).Invoke(new InvocationConfiguration { Output = output });
        using var told = JsonDocument.Parse(output.ToString());

        Assert.Equal(told.RootElement.GetProperty("fail").GetInt32() > 0 ? 1 : 0, code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Contains("half within", Found("disk-sync"), StringComparison.Ordinal);
        Assert.Contains("GiB free", Found("disk-space"), StringComparison.Ordinal);

        string Found(string check) => told.RootElement.GetProperty("checks").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == check).GetProperty("found").GetString()!;
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.NotEmpty(ExchangeCommandLine.Create().Parse(["doctor", Path.Combine(_folder, "absent")]).Errors);

    private (int Code, string Text) Run(bool json)
    {
        using var output = new StringWriter { NewLine = "\n" };
        int code = DoctorCommand.Run(_machine.Host(), HostChecks.All, json, output);
        return (code, output.ToString());
    }
}

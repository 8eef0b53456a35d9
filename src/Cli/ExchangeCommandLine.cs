using System.CommandLine;
using Exchange.Cli.Benchmarks;
using Exchange.Cli.Completion;
using Exchange.Cli.Databases;
using Exchange.Cli.Doctor;
using Exchange.Cli.Examples;
using Exchange.Cli.Folders;
using Exchange.Cli.Index;
using Exchange.Cli.Indicators;
using Exchange.Cli.Replay;

namespace Exchange.Cli;

/// <summary>The whole command line: each command is made by the file of its name.</summary>
/// <remarks>Exit codes: 0 done, 1 it could not be done or the result is wrong, as the message on stderr says.</remarks>
public static class ExchangeCommandLine
{
    public const int Done = 0;
    public const int Failed = 1;

    public static RootCommand Create() => new("Runs, measures and checks the exchange.")
    {
        BenchCommand.Create(),
        ExamplesCommand.Create(),
        IndexCommand.Create(),
        IndicatorsCommand.Create(),
        ReplayCommand.Create(),
        SnapshotCommand.Create(),
        VerifyCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        UpgradeCommand.Create(),
        DoctorCommand.Create(),
        MigrateCommand.Create(),
        VerifyClusterCommand.Create(),
        CompletionCommand.Create(),
    };
}

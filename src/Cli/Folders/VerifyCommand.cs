using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange verify DIR</c>: checks a venue's folder end to end by carrying out its journal again.</summary>
public static class VerifyCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> folder = new("DIR") { Description = "Folder of a venue that is not running." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        folder.AcceptExistingOnly();
        Command command = new("verify", "Checks a venue's journal and snapshots end to end.") { folder, json };
        command.SetAction(parsed => FolderWork.Run(
            () => Run(parsed.GetRequiredValue(folder), parsed.GetValue(json)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static string Run(DirectoryInfo folder, bool json)
    {
        VenueVerification.Report report = ProgressLine.Run(
            "journal", _ => VenueVerification.Run(folder.FullName, TimeProvider.System));
        string hash = report.StateHash.ToString("x32", CultureInfo.InvariantCulture);
        return json
            ? JsonSerializer.Serialize(new
            {
                records = report.Records,
                commands = report.Commands,
                lastSequence = report.LastSequence,
                snapshots = report.Snapshots,
                stateHash = hash,
                seconds = report.Elapsed.TotalSeconds,
            })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Records} records, {report.Commands} commands, {report.Snapshots} snapshots: intact up to {report.LastSequence}, state {hash}");
    }
}

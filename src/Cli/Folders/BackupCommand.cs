using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded.Backups;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange backup FROM TO</c>: a consistent copy of a venue's folder, while the venue runs or not.</summary>
public static class BackupCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> from = new("FROM") { Description = "Folder of the venue; it may be running." };
        Argument<DirectoryInfo> to = new("TO") { Description = "Folder to be made; it does not exist, or is empty." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        from.AcceptExistingOnly();
        Command command = new("backup", "Copies a venue's folder as of one record, keys included, and verifies the copy.") { from, to, json };
        command.SetAction(parsed =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            return FolderWork.Run(
                () => Run(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(json), error),
                parsed.InvocationConfiguration.Output, error);
        });
        return command;
    }

    private static string Run(DirectoryInfo from, DirectoryInfo to, bool json, TextWriter error)
    {
        BackupStatement backup = ProgressLine.Run("backup", _ => VenueBackup.Take(
            from.FullName, to.FullName, TimeProvider.System, damaged => error.WriteLine($"Passed over: {damaged.Message}")));
        return json
            ? JsonSerializer.Serialize(backup, JsonSerializerOptions.Web)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Backup up to record {backup.Sequence}, from the snapshot at {backup.SnapshotSequence}: verified, state {backup.StateHash}, version {backup.WriterVersion}");
    }
}

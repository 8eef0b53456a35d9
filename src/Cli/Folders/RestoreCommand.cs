using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded;
using Exchange.Embedded.Backups;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange restore BACKUP TO [--to-sequence N]</c>: a new venue's folder, as of the backup's end or an earlier record.</summary>
public static class RestoreCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> from = new("BACKUP") { Description = "A backup, or any venue's folder." };
        Argument<DirectoryInfo> to = new("TO") { Description = "Folder to be made; it does not exist, or is empty." };
        Option<ulong?> sequence = new("--to-sequence") { Description = "Last record to be carried out. Default: all there are." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        from.AcceptExistingOnly();
        Command command = new("restore", "Makes a venue's folder out of a backup, as of its end or of one record.") { from, to, sequence, json };
        command.SetAction(parsed =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            return FolderWork.Run(
                () => Run(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(sequence), parsed.GetValue(json), error),
                parsed.InvocationConfiguration.Output, error);
        });
        return command;
    }

    private static string Run(DirectoryInfo from, DirectoryInfo to, ulong? sequence, bool json, TextWriter error)
    {
        string version = new EmbeddedOptions { Directory = from.FullName }.Version;
        VenueVerification.Report made = ProgressLine.Run("restore", _ => VenueRestore.Run(
            from.FullName, to.FullName, sequence, version, TimeProvider.System, damaged => error.WriteLine($"Passed over: {damaged.Message}")));
        string hash = made.StateHash.ToString("x32", CultureInfo.InvariantCulture);
        return json
            ? JsonSerializer.Serialize(new { sequence = made.LastSequence, timeMs = made.TimeMs, stateHash = hash })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Restored up to record {made.LastSequence}, of {DateTimeOffset.FromUnixTimeMilliseconds(made.TimeMs):yyyy-MM-dd HH:mm:ss.fff} UTC: verified, state {hash}");
    }
}

using System.CommandLine;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange snapshot DIR</c>: writes a snapshot of a stopped venue, so that its next start need not replay.</summary>
public static class SnapshotCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> folder = new("DIR") { Description = "Folder of a venue that is not running." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        folder.AcceptExistingOnly();
        Command command = new("snapshot", "Writes a snapshot of a stopped venue that this version wrote last.") { folder, json };
        command.SetAction(parsed => FolderWork.Run(
            () => Run(parsed.GetRequiredValue(folder), parsed.GetValue(json)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static string Run(DirectoryInfo folder, bool json)
    {
        // Opening replays the journal under the lock, and refuses what another version wrote; closing writes the snapshot.
        ulong sequence = ProgressLine.Run("journal", _ =>
        {
            using EmbeddedExchange exchange = EmbeddedExchange.Open(
                new EmbeddedOptions { Directory = folder.FullName, IsOwnOnly = true }, TimeProvider.System);
            return exchange.Recovery.LastSequence;
        });
        return json
            ? JsonSerializer.Serialize(new { lastSequence = sequence })
            : $"Snapshot written; the journal had come to {sequence}.";
    }
}

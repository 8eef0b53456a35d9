using System.CommandLine;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange upgrade DIR</c>: this version takes a stopped venue over from the snapshot of the version that ran it.</summary>
public static class UpgradeCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> folder = new("DIR") { Description = "Folder of a venue that is not running and was stopped in an orderly way." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        folder.AcceptExistingOnly();
        Command command = new("upgrade", "Takes a stopped venue over from the version that ran it; take a backup first.") { folder, json };
        command.SetAction(parsed => FolderWork.Run(
            () => Run(parsed.GetRequiredValue(folder), parsed.GetValue(json)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static string Run(DirectoryInfo folder, bool json)
    {
        // Opening refuses commands of another version behind its last snapshot, and notes this version in the journal; closing
        // writes a snapshot of this version's.
        var options = new EmbeddedOptions { Directory = folder.FullName, IsExistingOnly = true };
        (string from, ulong sequence) = ProgressLine.Run("snapshot", _ =>
        {
            using EmbeddedExchange exchange = EmbeddedExchange.Open(options, TimeProvider.System);
            return (exchange.PreviousVersion, exchange.Recovery.LastSequence);
        });
        return json
            ? JsonSerializer.Serialize(new { from, to = options.Version, lastSequence = sequence })
            : $"Taken over from version {from} by version {options.Version}; the journal had come to {sequence}.";
    }
}

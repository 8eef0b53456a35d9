using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Embedded;
using Exchange.Embedded.Backups;

namespace Exchange.Cli.Folders;

/// <summary><c>exchange restore BACKUP TO [--to-sequence N | --to-time T]</c>: a new venue's folder, as of the backup's end or an earlier point.</summary>
public static class RestoreCommand
{
    private const string MomentFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFK";
    private static readonly long LatestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static Command Create()
    {
        Argument<DirectoryInfo> from = new("BACKUP") { Description = "A backup, or any venue's folder." };
        Argument<DirectoryInfo> to = new("TO") { Description = "Folder to be made; it does not exist, or is empty." };
        Option<ulong?> sequence = new("--to-sequence") { Description = "Last record to be carried out. Default: all there are." };
        Option<DateTimeOffset?> time = new("--to-time")
        {
            Description = "Moment to be restored: as 2026-11-21T08:30:00.250Z, UTC, or in milliseconds since 1970.", CustomParser = ParseTime,
        };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        from.AcceptExistingOnly();
        Command command = new("restore", "Makes a venue's folder out of a backup, as of its end, of one record or of a moment.") { from, to, sequence, time, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(sequence) is not null && result.GetResult(time) is not null)
                result.AddError("--to-sequence and --to-time name one point: give one of them.");
        });
        command.SetAction(parsed =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            return FolderWork.Run(
                () => Run(
                    parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(sequence), parsed.GetValue(time), parsed.GetValue(json), error),
                parsed.InvocationConfiguration.Output, error);
        });
        return command;
    }

    private static string Run(DirectoryInfo from, DirectoryInfo to, ulong? sequence, DateTimeOffset? time, bool json, TextWriter error)
    {
        if (time is { } moment)
            sequence = VenueRestore.SequenceAt(from.FullName, moment.ToUnixTimeMilliseconds());
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

    /// <summary>UTC where no zone is named: local time would be another moment on another machine.</summary>
    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long timeMs) && timeMs <= LatestMs)
            return DateTimeOffset.FromUnixTimeMilliseconds(timeMs);
        if (DateTimeOffset.TryParseExact(text, MomentFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
            return moment;
        result.AddError("--to-time is a moment such as 2026-11-21T08:30:00.250Z, or milliseconds since 1970.");
        return null;
    }
}

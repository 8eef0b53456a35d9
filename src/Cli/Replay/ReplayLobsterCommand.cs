using System.CommandLine;
using System.Net.Sockets;
using Exchange.Cli.Http;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Replay;

/// <summary><c>exchange replay lobster</c>: order flow recorded at NASDAQ, through a running server, its book compared with the recorded one.</summary>
public static class ReplayLobsterCommand
{
    public static Command Create()
    {
        Option<FileInfo> messages = File("--messages", "LOBSTER message file.", isRequired: true);
        Option<FileInfo> seed = File("--seed", "LOBSTER order book file whose first row is the book after the first message.", isRequired: true);
        Option<FileInfo> best = File("--bbo", "Best bid and offer where they change: row, ask, size, bid, size.", isRequired: true);
        Option<FileInfo> levels = File("--levels", "LOBSTER order book file to compare all levels with; its message file lies beside it.", isRequired: false);
        Option<FileInfo> keys = File("--keys", "The server's demo-keys.json.", isRequired: true);
        Option<Uri> url = ServerOptions.Url();
        Option<int> rows = new("--rows") { Description = "Plays no further than this row.", DefaultValueFactory = _ => int.MaxValue };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        rows.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--rows is at least 1.");
        });

        Command command = new("lobster", "Plays LOBSTER's order flow; all files may be gzipped (.gz). The server needs ClientLimits:IsOn=false.")
        {
            messages, seed, best, levels, url, keys, rows, json,
        };
        command.SetAction(parsed => Run(
            () => LobsterFiles.Load(
                parsed.GetRequiredValue(messages).FullName, parsed.GetRequiredValue(seed).FullName,
                parsed.GetRequiredValue(best).FullName, parsed.GetValue(levels)?.FullName, parsed.GetValue(rows)),
            parsed.GetRequiredValue(url),
            parsed.GetRequiredValue(keys).FullName,
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static Option<FileInfo> File(string name, string description, bool isRequired)
    {
        Option<FileInfo> option = new(name) { Description = description, Required = isRequired };
        return option.AcceptExistingOnly();
    }

    private static int Run(Func<LobsterFiles> load, Uri url, string keys, bool json, TextWriter output, TextWriter error)
    {
        ReplayReport report;
        try
        {
            LobsterFiles files = load();
            ReplayVenue venue = ReplayVenue.Create(url, ServerKeys.Load(keys), TimeProvider.System);
            using var connection = new WireConnection(url);
            report = ProgressLine.Run(venue.Symbol, progress => new LobsterReplay(files, venue, connection, TimeProvider.System).Run(progress));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or SocketException)
        {
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }

        output.WriteLine(json ? report.ToJson() : report.ToText());
        return report.Mismatches == 0 ? ExchangeCommandLine.Done : ExchangeCommandLine.Failed;
    }
}

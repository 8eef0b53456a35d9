using System.CommandLine;

namespace Exchange.Cli.Replay;

/// <summary><c>exchange replay …</c>: one subcommand for each kind of recording.</summary>
public static class ReplayCommand
{
    public static Command Create() => new("replay", "Plays recorded order flow through a running server.")
    {
        ReplayLobsterCommand.Create(),
    };
}

using Exchange.Core;
using Exchange.Core.Wire;

namespace Exchange.Cli.Folders;

/// <summary>What every command on a venue's folder does with its result and with a refusal.</summary>
internal static class FolderWork
{
    /// <param name="work">Returns the line to print.</param>
    /// <param name="output">Gets the line.</param>
    /// <param name="error">Gets the sentence of a refusal.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Func<string> work, TextWriter output, TextWriter error)
    {
        try
        {
            output.WriteLine(work());
            return ExchangeCommandLine.Done;
        }
        catch (Exception refusal) when (
            refusal is IOException or UnauthorizedAccessException or InvalidDataException or InvariantException or SnapshotException)
        {
            error.WriteLine(refusal.Message);
            return ExchangeCommandLine.Failed;
        }
    }
}

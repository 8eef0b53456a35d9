using Spectre.Console;

namespace Exchange.Cli.Terminal;

/// <summary>A progress bar on the terminal's stderr; nothing where there is no terminal.</summary>
public static class ProgressLine
{
    /// <param name="title">What is being done.</param>
    /// <param name="work">Gets a way to report how much is done, from 0 to 1. It runs on the caller's thread.</param>
    public static T Run<T>(string title, Func<Action<double>, T> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected && Console.IsInputRedirected)
            return work(_ => { });

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask(title);
            return work(done => task.Value = 100 * done);
        });
    }
}

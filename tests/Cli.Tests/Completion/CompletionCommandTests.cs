using System.CommandLine;

namespace Exchange.Cli.Tests.Completion;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash", "complete -o default -F _exchange exchange")]
    [InlineData("zsh", "compdef _exchange exchange")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName exchange")]
    public void Each_shell_gets_its_script(string shell, string line)
    {
        using var output = new StringWriter();

        int code = ExchangeCommandLine.Create().Parse(["completion", shell]).Invoke(new InvocationConfiguration { Output = output });

        Assert.Equal(0, code);
        Assert.Contains(line, output.ToString());
    }

    [Fact]
    public void Another_shell_is_an_error() =>
        Assert.NotEmpty(ExchangeCommandLine.Create().Parse(["completion", "fish"]).Errors);

    [Fact]
    public void Commands_and_options_complete()
    {
        Assert.Contains("bench", Completions("b"));
        Assert.Contains("--json", Completions("bench book --j"));
    }

    private static string[] Completions(string line) =>
        [.. ExchangeCommandLine.Create().Parse(line).GetCompletions(line.Length).Select(item => item.Label)];
}

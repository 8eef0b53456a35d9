using System.CommandLine;

namespace Exchange.Cli.Completion;

/// <summary><c>exchange completion SHELL</c>: prints what makes a shell complete this command line.</summary>
/// <remarks>The scripts ask the program itself (the <c>[suggest]</c> directive), so they need no change for new commands.</remarks>
public static class CompletionCommand
{
    private const string Bash = """
        # Load it with: source <(exchange completion bash)
        _exchange() {
            local IFS=$'\n'
            local words
            words="$(exchange "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null)"
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _exchange exchange
        """;

    private const string Zsh = """
        #compdef exchange
        # Load it with: source <(exchange completion zsh)
        _exchange() {
            local -a words
            words=("${(@f)$(exchange "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null)}")
            if [[ -n "$words" ]]; then compadd -a words; else _files; fi
        }
        compdef _exchange exchange
        """;

    private const string PowerShell = """
        # Load it with: exchange completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName exchange -ScriptBlock {
            param($word, $line, $position)
            exchange "[suggest:$position]" "$line" |
                Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        Command command = new("completion", "Prints the completion script of a shell.") { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell }));
        return command;
    }
}

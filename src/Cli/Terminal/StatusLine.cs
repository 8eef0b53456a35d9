namespace Exchange.Cli.Terminal;

/// <summary>One line on the terminal's stderr that is written over as things go on; nothing where there is no terminal.</summary>
internal sealed class StatusLine(TextWriter error)
{
    private readonly bool _isOnTerminal = !Console.IsErrorRedirected && !Console.IsOutputRedirected;
    private int _length;

    public void Show(string text)
    {
        if (!_isOnTerminal)
            return;
        int width = Math.Max(20, Console.WindowWidth - 1);
        string cut = text.Length > width ? text[..width] : text;
        error.Write('\r' + cut.PadRight(_length));
        _length = cut.Length;
    }

    /// <summary>Makes room for a line that stays.</summary>
    public void Clear()
    {
        if (_isOnTerminal && _length > 0)
            error.Write('\r' + new string(' ', _length) + '\r');
        _length = 0;
    }
}

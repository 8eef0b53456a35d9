using System.Globalization;
using System.Text;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>What happened, for a person to read; kept only when a seed is replayed.</summary>
internal sealed class Trace
{
    private readonly List<string> _lines = [];
    private long _startMs = -1;

    public void Happened(long nowMs, string node, string what) => Add(nowMs, $"{node,-10} {what}");

    public void Sent(long nowMs, string from, string to, NodeMessage message) => Add(nowMs, $"{from,-10} -> {to}: {Text(message)}");

    public void Received(long nowMs, string from, string to, NodeMessage message) => Add(nowMs, $"{to,-10} <- {from}: {Text(message)}");

    /// <summary>The last lines, those before them left out.</summary>
    public string Tail(int lines) => string.Join('\n', _lines.Skip(_lines.Count - lines));

    public string All() => string.Join('\n', _lines);

    private void Add(long nowMs, string text)
    {
        if (_startMs < 0)
            _startMs = nowMs;
        double seconds = (nowMs - _startMs) / 1_000.0;
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds,8:0.000} {text}"));
    }

    /// <summary>A message with its arrays written out.</summary>
    private static string Text(NodeMessage message)
    {
        var text = new StringBuilder(message.Kind.ToString()).Append(' ');
        MessageText.Append(text, message);
        return text.ToString();
    }
}

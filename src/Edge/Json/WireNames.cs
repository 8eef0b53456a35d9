using System.Text;

namespace Exchange.Edge.Json;

/// <summary>The names of an enum on the wire: lower-case snake, in the order of the values 0, 1, 2 …</summary>
internal sealed class WireNames
{
    private readonly byte[]?[] _utf8;
    private readonly string?[] _texts;

    /// <param name="names">Name of value 0, 1, 2 …; null: the value is never on the wire.</param>
    public WireNames(params string?[] names)
    {
        _texts = names;
        _utf8 = Array.ConvertAll(names, name => name is null ? null : Encoding.ASCII.GetBytes(name));
        All = [.. names.OfType<string>()];
        Listed = string.Join(", ", All);
    }

    public IReadOnlyList<string> All { get; }

    /// <summary>All names in one sentence.</summary>
    public string Listed { get; }

    public bool TryParse(ReadOnlySpan<byte> text, out int value)
    {
        for (value = 0; value < _utf8.Length; value++)
        {
            if (_utf8[value] is { } name && text.SequenceEqual(name))
                return true;
        }

        value = 0;
        return false;
    }

    /// <summary>The name of a value that the venue gave; an unknown one is our fault.</summary>
    public ReadOnlySpan<byte> Of(int value) =>
        value < _utf8.Length && _utf8[value] is { } name ? name : throw new InvalidOperationException($"No wire name for value {value} among {Listed}.");

    /// <inheritdoc cref="Of"/>
    public string TextOf(int value) => _texts[value] ?? throw new InvalidOperationException($"No wire name for value {value} among {Listed}.");
}

using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Exchange.Infra.Tests.Support;

/// <summary>A part of a YAML document (JSON is YAML): a mapping, a list, a text, or nothing.</summary>
internal sealed class Node(YamlNode? value, string place)
{
    /// <summary>Its own entries, and those that <c>&lt;&lt;:</c> takes into it.</summary>
    private readonly Dictionary<string, YamlNode>? _map = (value as YamlMappingNode) is { } map ? Merged(map) : null;

    /// <summary>File and path, for messages.</summary>
    public string Place => place;

    public bool Exists => value is not null and not YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" };

    public bool IsText => value is YamlScalarNode && Exists;

    public bool IsList => value is YamlSequenceNode;

    public bool IsMap => _map is not null;

    /// <summary>Without quotes around: what looks like a number is one.</summary>
    public bool IsPlain => value is YamlScalarNode { Style: ScalarStyle.Plain };

    public string Text => TextOrNull ?? throw new InvalidDataException($"{place}: a text is missing");

    public string? TextOrNull => IsText ? ((YamlScalarNode)value!).Value : null;

    public long Number => long.Parse(Text, CultureInfo.InvariantCulture);

    public IReadOnlyList<Node> Items => value is YamlSequenceNode list ? [.. list.Select((item, index) => new Node(item, $"{place}[{index}]"))] : [];

    public IReadOnlyList<string> Keys => _map is null ? [] : [.. _map.Keys];

    /// <summary>By key, or by keys with '/' between; nothing where it is not there.</summary>
    public Node this[string path] => path.Split('/').Aggregate(this, (at, key) => at.Entry(key));

    /// <summary>An entry whose own name has a '/'.</summary>
    public Node Entry(string key) => new(_map?.GetValueOrDefault(key), $"{place}/{key}");

    /// <summary>A mapping of texts, such as labels.</summary>
    public IReadOnlyDictionary<string, string> Texts => Keys.ToDictionary(key => key, key => Entry(key).Text, StringComparer.Ordinal);

    /// <summary>This and everything below, depth first.</summary>
    public IEnumerable<Node> All() => Keys.Select(Entry).Concat(Items).SelectMany(child => child.All()).Prepend(this);

    /// <summary>The documents of a file below the root.</summary>
    public static IReadOnlyList<Node> Read(params ReadOnlySpan<string> parts)
    {
        string name = string.Join('/', parts!);
        return Parse(File.ReadAllText(RepositoryRoot.Combine(name.Split('/'))), name);
    }

    public static IReadOnlyList<Node> Parse(string text, string name)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => new Node(document.RootNode, name))];
    }

    private static Dictionary<string, YamlNode> Merged(YamlMappingNode map)
    {
        Dictionary<string, YamlNode> own = map.Children.ToDictionary(entry => ((YamlScalarNode)entry.Key).Value!, entry => entry.Value, StringComparer.Ordinal);
        if (own.Remove("<<", out YamlNode? other))
            foreach ((string key, YamlNode inherited) in Merged((YamlMappingNode)other))
                own.TryAdd(key, inherited);
        return own;
    }
}

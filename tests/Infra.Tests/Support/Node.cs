using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Exchange.Infra.Tests.Support;

/// <summary>A part of a YAML document (JSON is YAML): a mapping, a list, a text, or nothing.</summary>
internal sealed class Node(object? value, string place)
{
    /// <summary>File and path, for messages.</summary>
    public string Place => place;

    public bool Exists => value is not null;

    public string Text => value as string ?? throw new InvalidDataException($"{place}: a text is missing");

    public string? TextOrNull => value as string;

    public long Number => long.Parse(Text, CultureInfo.InvariantCulture);

    public IReadOnlyList<Node> Items => value is List<object?> list ? [.. list.Select((item, index) => new Node(item, $"{place}[{index}]"))] : [];

    public IReadOnlyList<string> Keys => value is Dictionary<object, object?> map ? [.. map.Keys.Select(key => (string)key)] : [];

    /// <summary>By key, or by keys with '/' between; nothing where it is not there.</summary>
    public Node this[string path]
    {
        get
        {
            object? at = value;
            foreach (string key in path.Split('/'))
                at = at is Dictionary<object, object?> map && map.TryGetValue(key, out object? found) ? found : null;
            return new Node(at, $"{place}/{path}");
        }
    }

    /// <summary>An entry whose own name has a '/'.</summary>
    public Node Entry(string key) => new(value is Dictionary<object, object?> map && map.TryGetValue(key, out object? found) ? found : null, $"{place}/{key}");

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
        // Merging takes what `<<:` names into its mapping, as Compose does.
        var parser = new MergingParser(new Parser(new StringReader(text)));
        IDeserializer deserializer = new DeserializerBuilder().Build();
        var documents = new List<Node>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(new Node(deserializer.Deserialize<object?>(parser), name));
        return documents;
    }
}

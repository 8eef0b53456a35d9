using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Kubernetes;

/// <summary>The fields that Kubernetes knows, of fields.txt: a misspelt one would be dropped without a word.</summary>
internal static partial class Schema
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, (string Kind, bool IsRequired)>>> Types = new(Read);

    public static bool Knows(string kind) => Types.Value.ContainsKey(kind);

    /// <summary>What is wrong with an object of a kind.</summary>
    public static IEnumerable<string> Faults(Node node, string type)
    {
        Dictionary<string, (string Kind, bool IsRequired)> fields = Types.Value[type];
        foreach (string missing in fields.Where(field => field.Value.IsRequired && !node.Entry(field.Key).Exists).Select(field => field.Key))
            yield return $"{node.Place}: {type} wants {missing}";
        foreach (string key in node.Keys)
        {
            if (!fields.TryGetValue(key, out (string Kind, bool IsRequired) field))
                yield return $"{node.Place}: {type} has no {key}";
            else
                foreach (string fault in OfKind(node.Entry(key), field.Kind))
                    yield return fault;
        }
    }

    private static IEnumerable<string> OfKind(Node node, string kind)
    {
        // An empty one, as {} or nothing, is whatever it should be.
        if (!node.Exists || kind == "*")
            return [];
        if (kind.EndsWith("[]", StringComparison.Ordinal))
            return node.IsList ? node.Items.SelectMany(item => OfKind(item, kind[..^2])) : [$"{node.Place}: not a list"];
        if (kind[0] == '{')
            return node.IsMap ? node.Keys.SelectMany(key => OfKind(node.Entry(key), kind[1..^1])) : [$"{node.Place}: not a mapping"];
        if (Types.Value.ContainsKey(kind))
            return node.IsMap ? Faults(node, kind) : [$"{node.Place}: not a {kind}"];
        bool isRight = node.IsText && kind switch
        {
            "s" => !node.IsPlain || !NumberOrTruth().IsMatch(node.Text),
            "i" => node.IsPlain && long.TryParse(node.Text, out _),
            "b" => node.IsPlain && node.Text is "true" or "false",
            "q" => true,
            _ => throw new InvalidDataException($"fields.txt: what is {kind}?"),
        };
        return isRight ? [] : [$"{node.Place}: {node.TextOrNull} is not a {kind}"];
    }

    private static Dictionary<string, Dictionary<string, (string Kind, bool IsRequired)>> Read() => File
        .ReadLines(RepositoryRoot.Combine("tests", "Infra.Tests", "Kubernetes", "fields.txt"))
        .Where(line => line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words[1..].Select(word => word.Split(':')).ToDictionary(
            field => field[0].TrimEnd('!'), field => (field[1], field[0].EndsWith('!')), StringComparer.Ordinal), StringComparer.Ordinal);

    [GeneratedRegex("^([-+]?[0-9.]+(e[-+]?[0-9]+)?|0[xo][0-9a-fA-F]+|true|false|yes|no|on|off)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 5000)]
    private static partial Regex NumberOrTruth();
}

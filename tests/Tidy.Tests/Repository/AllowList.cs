namespace Exchange.Tidy.Tests.Repository;

/// <summary>allowed.txt: the exceptions to the rules, each with its reason.</summary>
internal static class AllowList
{
    public const string File = "tests/Tidy.Tests/allowed.txt";

    private static readonly Lazy<IReadOnlyList<Entry>> Entries = new(() => Parse(RepositoryFiles.Read(File)));

    /// <summary>Fails with every breach that no entry allows, and every entry that no breach needs.</summary>
    public static void AssertNone(string rule, string instead, IEnumerable<Finding> findings)
    {
        List<string> faults = Judge(Entries.Value, rule, [.. findings]);
        if (faults.Count > 0) Assert.Fail($"{instead}\n{string.Join('\n', faults)}");
    }

    internal static List<string> Judge(IEnumerable<Entry> entries, string rule, IReadOnlyList<Finding> findings)
    {
        List<Entry> own = [.. entries.Where(entry => entry.Rule == rule)];
        return
        [
            .. findings.Where(finding => !own.Exists(entry => entry.Allows(finding))).Select(finding => finding.ToString()),
            .. own.Where(entry => !findings.Any(entry.Allows)).Select(entry => $"{File}: no longer needed: {rule} | {entry.Path}"),
        ];
    }

    internal static IReadOnlyList<Entry> Parse(string text) =>
        [.. text.Split('\n').Where(line => line.Trim().Length > 0 && line[0] != '#').Select(Entry.Parse)];

    /// <param name="Path">A file, or a folder with its '/' at the end.</param>
    internal sealed record Entry(string Rule, string Path, string Reason)
    {
        public bool Allows(Finding finding) =>
            finding.Path == Path || (Path.EndsWith('/') && finding.Path.StartsWith(Path, StringComparison.Ordinal));

        public static Entry Parse(string line) =>
            line.Split('|', 3, StringSplitOptions.TrimEntries) is [{ Length: > 0 } rule, { Length: > 0 } path, { Length: > 0 } reason]
                ? new Entry(rule, path, reason)
                : throw new FormatException($"{File}: not \"rule | path | reason\": {line}");
    }
}

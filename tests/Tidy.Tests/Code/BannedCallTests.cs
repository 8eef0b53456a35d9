using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

public sealed class BannedCallTests
{
    private static readonly string[] Waits = ["Thread.Sleep", "Task.Delay"];

    private static readonly string[] Clocks =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
        "Stopwatch.GetTimestamp", "Stopwatch.StartNew", "Environment.TickCount", "Environment.TickCount64",
    ];

    [Fact]
    public void Nothing_sleeps() => AllowList.AssertNone(
        "sleep", "Wait on a condition, or on a timer of a TimeProvider:", Uses(["src/", "tests/", "bench/"], Waits));

    [Fact]
    public void Every_clock_is_a_TimeProvider_passed_in() => AllowList.AssertNone(
        "clock", "Take a TimeProvider; machines get the time with their input:", Uses(["src/"], Clocks));

    [Fact]
    public void Randomness_is_passed_in_with_its_seed() => AllowList.AssertNone(
        "random", "Pass a seeded Random in (secrets: RandomNumberGenerator):", Uses(["src/"], ["Random.Shared"]));

    /// <summary>S21: a pattern that backtracks is a trap that a client can set.</summary>
    [Fact]
    public void What_takes_bytes_of_others_uses_no_regular_expressions() => AllowList.AssertNone(
        "pattern", "Read the bytes one by one:",
        ((string[])["src/Core/", "src/Edge/", "src/Embedded/", "src/Storage/", "src/Api/", "src/Grains/", "src/Grains.Interfaces/", "src/Silo/"])
            .SelectMany(RepositoryFiles.SourcesBelow)
            .SelectMany(source => source.Descendants<UsingDirectiveSyntax>()
                .Where(directive => directive.NamespaceOrType.ToString() == "System.Text.RegularExpressions")
                .Select(directive => source.FindingAt(directive, directive.ToString()))));

    [Theory]
    [InlineData("var x = System.DateTime.UtcNow;", 1)]
    [InlineData("await Task.Delay(5);", 1)]
    [InlineData("Func<int, Task> wait = Task.Delay;", 1)]
    [InlineData("using static System.Threading.Thread; Sleep(1);", 1)]
    [InlineData("// DateTime.UtcNow is not used\nvar x = time.GetUtcNow();", 0)]
    [InlineData("var x = \"DateTime.UtcNow\";", 0)]
    public void A_call_is_found_in_code_and_not_in_words(string code, int findings) =>
        Assert.Equal(findings, Find(SourceFile.Parse("a.cs", code), [.. Waits, .. Clocks]).Count());

    private static IEnumerable<Finding> Uses(string[] folders, string[] members) =>
        folders.SelectMany(RepositoryFiles.SourcesBelow).SelectMany(source => Find(source, members));

    private static IEnumerable<Finding> Find(SourceFile source, string[] members)
    {
        IEnumerable<Finding> calls = source.Descendants<MemberAccessExpressionSyntax>()
            .Where(access => members.Contains($"{LastName(access.Expression)}.{access.Name.Identifier.Text}"))
            .Select(access => source.FindingAt(access, access.ToString()));
        // A static import would hide the type's name from the search above.
        string[] types = [.. members.Select(member => member.Split('.')[0]).Distinct()];
        IEnumerable<Finding> imports = source.Descendants<UsingDirectiveSyntax>()
            .Where(directive => directive.StaticKeyword.Text.Length > 0 && types.Contains(directive.NamespaceOrType.ToString().Split('.')[^1]))
            .Select(directive => source.FindingAt(directive, directive.ToString()));
        return calls.Concat(imports);
    }

    private static string LastName(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}

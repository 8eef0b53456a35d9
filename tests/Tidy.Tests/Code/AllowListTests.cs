namespace Exchange.Tidy.Tests.Code;

public sealed class AllowListTests
{
    private static readonly IReadOnlyList<AllowList.Entry> Entries =
        AllowList.Parse("# comment\n\nclock | src/Cli/Bench/ | it times\nclock | src/A.cs | why\nsleep | src/B.cs | why\n");

    [Fact]
    public void An_entry_allows_its_file_or_folder_for_its_rule_alone() => Assert.Equal(
        ["src/B.cs:3: x"],
        AllowList.Judge(Entries, "clock", [new("src/Cli/Bench/Place.cs", 1, "x"), new("src/A.cs", 2, "x"), new("src/B.cs", 3, "x")]));

    [Fact]
    public void An_entry_that_nothing_needs_is_a_fault() => Assert.Equal(
        [$"{AllowList.File}: no longer needed: sleep | src/B.cs"], AllowList.Judge(Entries, "sleep", []));

    [Fact]
    public void An_entry_without_a_reason_is_refused() => Assert.Throws<FormatException>(() => AllowList.Parse("clock | src/A.cs\n"));
}

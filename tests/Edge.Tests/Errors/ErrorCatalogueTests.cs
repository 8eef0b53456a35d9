using System.Text.RegularExpressions;
using Exchange.Core;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Tests.Errors;

public sealed partial class ErrorCatalogueTests
{
    /// <summary>Passed between machines only (docs/rules): one coming out here is our fault, 500.</summary>
    private static readonly RejectReason[] BetweenMachines =
        [RejectReason.StaleEpoch, RejectReason.NotRegistered, RejectReason.Gap, RejectReason.Moved, RejectReason.Superseded];

    public static TheoryData<RejectReason> Reasons => [.. Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None)];

    [Theory, MemberData(nameof(Reasons))]
    public void Every_reason_of_the_venue_has_an_entry(RejectReason reason)
    {
        ErrorEntry entry = ErrorCatalogue.Of(reason);

        if (BetweenMachines.Contains(reason))
            Assert.Same(ErrorCatalogue.Internal, entry);
        else
            Assert.Equal(reason, entry.Reason);
    }

    [Fact]
    public void Codes_are_unique_and_in_upper_snake_case()
    {
        Assert.Equal(ErrorCatalogue.All.Count, ErrorCatalogue.All.Select(entry => entry.Code).Distinct().Count());
        Assert.All(ErrorCatalogue.All, entry => Assert.Matches(UpperSnake(), entry.Code));
    }

    [Fact]
    public void Every_entry_has_a_status_of_an_error_a_title_and_advice()
    {
        Assert.All(ErrorCatalogue.All, entry => Assert.InRange(entry.Status, 400, 599));
        Assert.All(ErrorCatalogue.All, entry => Assert.EndsWith(".", entry.Title, StringComparison.Ordinal));
        Assert.All(ErrorCatalogue.All, entry => Assert.NotEmpty(entry.Advice));
    }

    [Fact]
    public void Every_entry_declared_is_in_the_list()
    {
        var declared = typeof(ErrorCatalogue).GetFields().Where(field => field.FieldType == typeof(ErrorEntry)).Select(field => (ErrorEntry)field.GetValue(null)!);

        Assert.All(declared, entry => Assert.Contains(entry, ErrorCatalogue.All));
    }

    [Fact]
    public void The_document_of_errors_is_current()
    {
        string path = RepositoryRoot.Combine("docs", "errors.md");
        if (Environment.GetEnvironmentVariable("EXCHANGE_UPDATE_DOCS") == "1")
            File.WriteAllText(path, ErrorsDocument.Markdown());

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == ErrorsDocument.Markdown(),
            "docs/errors.md is stale. Make it anew: EXCHANGE_UPDATE_DOCS=1 dotnet test tests/Edge.Tests --filter The_document_of_errors_is_current");
    }

    [GeneratedRegex("^[A-Z]+(_[A-Z]+)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UpperSnake();
}

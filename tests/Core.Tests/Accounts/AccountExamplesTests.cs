namespace Exchange.Core.Tests.Accounts;

/// <summary>Every worked scenario, as far as accounts decide it.</summary>
public sealed class AccountExamplesTests
{
    public static TheoryData<string> Ids => new(ExampleReplay.Ids);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Accounts_decide_and_book_as_the_example_says(string id) => new ExampleReplay(id).Run();
}

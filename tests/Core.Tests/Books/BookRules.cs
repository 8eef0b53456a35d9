using Exchange.Core.Books;
using Exchange.Core.Instruments;

namespace Exchange.Core.Tests.Books;

/// <summary>Which of the two books a rule is tried on: the fast one and its slow twin pass the same tests.</summary>
public enum BookKind
{
    Naive,
    Fast,
}

/// <summary>A group of matching rules, inherited once for each book (see BothBooks.cs).</summary>
public abstract class BookRules(BookKind kind)
{
    internal BookFixture NewBook() => new(Create(kind, BookInstruments.Create()));

    internal static IBookUnderTest Create(BookKind kind, Instrument instrument) => kind switch
    {
        BookKind.Naive => new NaiveBook(instrument),
        BookKind.Fast => new FastBook(instrument),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

namespace Exchange.Core.Tests.Books;

/// <summary>How wide a script's world is.</summary>
/// <param name="Accounts">The first two of every five begin in hedge mode.</param>
/// <param name="Scale">Ticks between two of the few prices: the larger, the further apart the levels lie in memory.</param>
internal readonly record struct BookSetting(uint Accounts, long Scale)
{
    private static readonly long[] Scales = [1, 1, 37, 5_000];

    /// <summary>Few accounts, so that all meet all.</summary>
    public static BookSetting Narrow(ulong seed) => new(5, Scales[seed % 4]);

    /// <summary>Many accounts, so that everything that grows grows.</summary>
    public static BookSetting Wide(ulong seed) => new(60, Scales[seed % 4]);
}

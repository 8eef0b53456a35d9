namespace Exchange.Core.Tests.Books;

/// <summary>How wide a script's world is.</summary>
/// <param name="Accounts">The first two of every five begin in hedge mode.</param>
/// <param name="Scale">Ticks between two of the few prices: the larger, the further apart the levels lie in memory.</param>
/// <param name="OutboxPerAccount">Unacknowledged events an account may have, and the book; mostly the usual limits, out of reach.</param>
/// <param name="OutboxPerBook">See there.</param>
internal readonly record struct BookSetting(uint Accounts, long Scale, int OutboxPerAccount = 65_536, int OutboxPerBook = 4_000_000)
{
    public bool HasLowLimits => OutboxPerAccount < 65_536;

    private static readonly long[] Scales = [1, 1, 37, 5_000];

    /// <summary>Few accounts, so that all meet all.</summary>
    public static BookSetting Narrow(ulong seed) => seed % 5 == 0 ? new(5, Scales[seed % 4], 50, 120) : new(5, Scales[seed % 4]);

    /// <summary>Many accounts, so that everything that grows grows.</summary>
    public static BookSetting Wide(ulong seed) => new(60, Scales[seed % 4]);
}

namespace Exchange.Cli.Benchmarks.History;

/// <summary>Statements that fill a table with so many rows ($1) as a year of a venue would leave them, in the order of time.</summary>
internal static class HistoryFill
{
    public const int Symbols = 100;
    public const int Accounts = 10_000;

    /// <summary>A year; rows of n lie evenly in it.</summary>
    private const string Time = "timestamptz '2026-01-01 00:00Z' + i * (interval '31536000 s' / $1)";

    public static string Statement(string table) => table switch
    {
        "trades" => $"""
            INSERT INTO history.trades SELECT i % {Symbols}, i / {Symbols} + 1, {Time}, 500000 + i % 1000, 1 + i % 9, i % 2, false
            FROM generate_series(0, $1 - 1) i
            """,
        "candles" => $"""
            INSERT INTO history.candles SELECT i % {Symbols}, 0, 0, timestamptz '2026-01-01 00:00Z' + (i / {Symbols}) * interval '1 minute',
                500000, 500900, 499100, 500000 + i % 900, 100 + i % 70, 50000000 + i % 900, 40 + i % 20, 5 + i % 7
            FROM generate_series(0, $1 - 1) i
            """,
        "fills" => $"""
            INSERT INTO history.fills SELECT 1 + i % {Accounts}, i + 1, i / 7 % {Symbols}, i / 2 + 1, i + 1, i % 2, 0, i % 2, 500000 + i % 1000, 1 + i % 9, 2500, 0, {Time}, i
            FROM generate_series(0, $1 - 1) i
            """,
        "ledger" => $"""
            INSERT INTO history.ledger SELECT 1 + i % {Accounts}, i / {Accounts} + 1, i / 7 % {Symbols}, 0, false, 3, i / 2 + 1, -2500, 1000000000 - i, {Time}, i
            FROM generate_series(0, $1 - 1) i
            """,
        "orders" => $"""
            INSERT INTO history.orders SELECT 1 + i % {Accounts}, i + 1, i / 7 % {Symbols}, CASE WHEN i % 2 = 0 THEN 'c-' || i ELSE '' END, i % 2, 0, 0, 0, 0, 0,
                500000 + i % 1000, 0, 0, 0, 0, 5, 5, 2500000, 4, 0, {Time}, {Time}
            FROM generate_series(0, $1 - 1) i
            """,
        "funding" => $"""
            INSERT INTO history.funding SELECT i % {Symbols}, timestamptz '2026-01-01 00:00Z' + (i / {Symbols}) * interval '8 hours', 10000, 500000
            FROM generate_series(0, least($1, 1000000) - 1) i
            """,
        _ => throw new ArgumentException($"There is no table {table} to fill.", nameof(table)),
    };
}

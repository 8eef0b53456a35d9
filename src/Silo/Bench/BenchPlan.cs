namespace Exchange.Silo.Bench;

/// <summary>How much of everything; section <c>Bench</c> of the settings.</summary>
internal sealed class BenchPlan
{
    public const string Section = "Bench";

    public int Symbols { get; set; } = 64;

    public uint Accounts { get; set; } = 10_000;

    /// <summary>Symbols that an account trades, out of all.</summary>
    public int SymbolsPerAccount { get; set; } = 8;

    /// <summary>Of a hundred orders, how many rest until they are met; the others take what is there and are gone.</summary>
    public int RestingPercent { get; set; } = 10;

    /// <summary>Of each measurement.</summary>
    public int Seconds { get; set; } = 10;

    /// <summary>Of what runs before anything is measured: until then much of the code is as it was first compiled, and twice as slow.</summary>
    public int WarmUpSeconds { get; set; } = 15;

    /// <summary>Silos in this process, each with its own connections.</summary>
    public int Silos { get; set; } = 1;

    /// <summary>Of the open loop.</summary>
    public int OrdersPerSecond { get; set; } = 10_000;

    /// <summary>Of the trades whose subscribers are timed.</summary>
    public int TradesPerSecond { get; set; } = 5_000;

    /// <summary>What to measure, besides entering books: any of batched, single, chain, open, memory. Or trades, alone: when subscribers hear them.</summary>
    public string Parts { get; set; } = "batched,single,chain,open,memory";

    public bool Has(string part) => Parts.Split(',', StringSplitOptions.TrimEntries).Contains(part);

    /// <summary>One of the symbols that the account trades.</summary>
    public int SymbolOf(uint account, int choice) => (int)((account * 7 + (uint)choice) % (uint)Symbols);
}

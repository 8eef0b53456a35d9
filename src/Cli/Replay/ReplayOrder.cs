namespace Exchange.Cli.Replay;

/// <summary>An order of the replay that rests on the server.</summary>
/// <param name="maker">Which of the makers it belongs to.</param>
/// <param name="isBuy">Its side.</param>
/// <param name="priceE4">In 1e-4 USD.</param>
/// <param name="shares">As placed.</param>
internal sealed class ReplayOrder(int maker, bool isBuy, long priceE4, long shares)
{
    public int Maker => maker;

    public bool IsBuy => isBuy;

    public long PriceE4 => priceE4;

    /// <summary>What is still to be filled.</summary>
    public long Shares { get; private set; } = shares;

    /// <summary>The quantity as the server counts it, with what was filled.</summary>
    public long TotalShares { get; private set; } = shares;

    /// <summary>The server's id; null until the answer to the placing has been read.</summary>
    public string? ServerId { get; set; }

    public void Fill(long filled) => Shares -= filled;

    public void Reduce(long taken)
    {
        Shares -= taken;
        TotalShares -= taken;
    }
}

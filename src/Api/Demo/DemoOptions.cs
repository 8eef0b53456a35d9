namespace Exchange.Api.Demo;

/// <summary>Settings of the demo market (<c>--demo</c>, or <c>Demo:Run</c>); Development only.</summary>
internal sealed class DemoOptions
{
    public bool Run { get; set; }

    /// <summary>The same seed and number of steps from the same start give the same orders.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Between two steps, ms.</summary>
    public int StepMs { get; set; } = 250;

    /// <summary>Price levels that each of the two makers keeps on each side of a book.</summary>
    public int Levels { get; set; } = 20;

    /// <summary>Orders and cancels a second that the makers keep to, over all symbols; what has become wrong is always canceled.</summary>
    public int OrdersPerSecond { get; set; } = 200;

    /// <summary>Commands of the makers in a step.</summary>
    public int MakerCommandsPerStep => Math.Max(8, OrdersPerSecond * StepMs / 1_000);

    /// <summary>Why they cannot be used, naming the setting; null: they can.</summary>
    public string? Problem(bool isDevelopment)
    {
        if (!Run)
            return null;
        if (!isDevelopment)
            return "The demo market (--demo) runs in Development only: it makes accounts of its own and posts made-up index prices.";
        if (StepMs is < 50 or > 10_000)
            return "Setting 'Demo:StepMs' is from 50 to 10000.";
        if (Levels is < 1 or > 50)
            return "Setting 'Demo:Levels' is from 1 to 50.";
        return OrdersPerSecond is < 10 or > 500 ? "Setting 'Demo:OrdersPerSecond' is from 10 to 500." : null;
    }
}

namespace Exchange.Silo.Bench;

/// <summary>What came of a measurement; any thread adds.</summary>
internal sealed class BenchResult
{
    private readonly Lock _lock = new();
    private readonly List<double> _ms = [];

    public double Seconds { get; set; }

    public long Orders { get; private set; }

    public long Refused { get; private set; }

    /// <summary>What it took of everything.</summary>
    public BenchCosts Costs { get; set; } = BenchCosts.None;

    public double OrdersPerSecond => Orders / Seconds;

    public void Add(int orders, int refused, TimeSpan took)
    {
        lock (_lock)
        {
            Orders += orders;
            Refused += refused;
            _ms.Add(took.TotalMilliseconds);
        }
    }

    public double Percentile(double share)
    {
        lock (_lock)
        {
            _ms.Sort();
            return _ms.Count == 0 ? 0 : _ms[Math.Min(_ms.Count - 1, (int)(share * _ms.Count))];
        }
    }
}

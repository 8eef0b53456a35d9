namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>What <c>exchange bench stream</c> does.</summary>
internal sealed record StreamLoad(int Subscribers, int TradesPerSecond, int WindowMs, int Seconds);

namespace Exchange.Cli.Benchmarks.Marks;

/// <summary>What one mark and all it set off came to.</summary>
/// <param name="TotalMs">From the mark to the end of its pass, other commands between included.</param>
/// <param name="Inputs">The mark and the slices after it.</param>
/// <param name="LongestMs">The longest of them.</param>
/// <param name="Commands">Others' commands carried out meanwhile.</param>
/// <param name="LongestWaitMs">Of them the longest from when it was due to when it was done.</param>
internal readonly record struct PassFigures(double TotalMs, int Inputs, double LongestMs, long Commands, double LongestWaitMs);

using System.Diagnostics;

namespace Exchange.Tests.Shared;

/// <summary>Feeds a parser with mutated inputs: it may refuse anything, but not throw, dawdle, or take memory beyond its bound.</summary>
internal static class FuzzRun
{
    /// <summary>A parser that takes this long on one input can be kept busy by a few of them (docs/faults.md P6).</summary>
    private const int RequestMs = 10;

    private const int Tries = 20;

    /// <param name="mutator">Where inputs come from.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="mostAllocated">Bytes one input may make the parser allocate.</param>
    /// <param name="parse">Returns whether it accepted the input.</param>
    /// <param name="longestMs">What one input may take; for what is no request of a client.</param>
    /// <returns>How many were accepted: none would mean that only the outermost check was tried.</returns>
    public static int Of(Mutator mutator, int inputs, long mostAllocated, Func<ReadOnlyMemory<byte>, bool> parse, int longestMs = RequestMs)
    {
        int accepted = 0;
        for (int i = 0; i < inputs; i++)
        {
            ReadOnlyMemory<byte> input = mutator.Next();
            try
            {
                if (IsBounded(input, mostAllocated, parse, longestMs))
                    accepted++;
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"Input {i}: {Convert.ToHexString(input.Span)}", broken);
            }
        }

        return accepted;
    }

    /// <summary>Several tries: a pause of the machine, or the runtime's own memory, is not the parser's fault, and does not last.</summary>
    private static bool IsBounded(ReadOnlyMemory<byte> input, long mostAllocated, Func<ReadOnlyMemory<byte>, bool> parse, int longestMs)
    {
        TimeSpan elapsed = default;
        long allocated = 0;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            bool isAccepted = parse(input);
            elapsed = Stopwatch.GetElapsedTime(started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (elapsed.TotalMilliseconds < longestMs && allocated <= mostAllocated)
                return isAccepted;
        }

        throw new InvalidOperationException($"{elapsed.TotalMilliseconds:F1} ms, {allocated} bytes allocated");
    }
}

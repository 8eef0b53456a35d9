namespace Exchange.Tests.Shared;

/// <summary>Asserts that code allocates nothing once it is warm.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Runs rounds until one allocated nothing on this thread, five at most. What the code itself allocates, it allocates in
    /// every round; what the runtime allocates here while it puts faster code of ours in place, or a collection that another
    /// test caused books on this thread, it does once.
    /// </summary>
    /// <param name="round">What must not allocate.</param>
    /// <param name="prepare">Run before each round, free to allocate.</param>
    public static void AssertNone(Action round, Action? prepare = null)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds && least != 0; i++)
        {
            prepare?.Invoke();
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}

namespace Exchange.Cli.Benchmarks.Features;

/// <summary>What the best cache could do that knows all requests to come: it drops what is asked for again last, or not before it is over.</summary>
internal static class ClairvoyantCache
{
    private const int Never = int.MaxValue;

    /// <returns>Requests that it answers.</returns>
    public static int HitsOf(FeatureTrace trace, int room)
    {
        int[] next = NextUses(trace);
        long[] expiresMs = new long[FeatureTrace.KeyCount];
        int[] useOf = new int[FeatureTrace.KeyCount];
        Array.Fill(useOf, -1);
        var furthest = new PriorityQueue<(int Key, int Use), int>();
        int held = 0;
        int hits = 0;
        for (int i = 0; i < trace.Keys.Length; i++)
        {
            int key = trace.Keys[i];
            bool isHit = useOf[key] == i;   // What would be over by then was not held for it.
            if (isHit)
            {
                hits++;
            }
            else
            {
                Drop(useOf, key, ref held);
                expiresMs[key] = trace.TimesMs[i] + FeatureTrace.LifeMsOf(key);
            }

            int use = next[i] != Never && trace.TimesMs[next[i]] < expiresMs[key] ? next[i] : Never;
            held += isHit ? -1 : 0;
            useOf[key] = -1;
            if (use == Never)
                continue;
            useOf[key] = use;
            held++;
            furthest.Enqueue((key, use), -use);
            while (held > room)
            {
                (int far, int farUse) = furthest.Dequeue();
                if (useOf[far] == farUse)
                    Drop(useOf, far, ref held);
            }
        }

        return hits;
    }

    /// <summary>Of one that knows which keys will be asked for most, and keeps those alone.</summary>
    public static int HitsOfMostAsked(FeatureTrace trace, int room)
    {
        int[] counts = new int[FeatureTrace.KeyCount];
        foreach (int key in trace.Keys)
            counts[key]++;
        bool[] isKept = new bool[FeatureTrace.KeyCount];
        foreach (int key in Enumerable.Range(0, FeatureTrace.KeyCount).OrderByDescending(key => counts[key]).Take(room))
            isKept[key] = true;
        long[] expiresMs = new long[FeatureTrace.KeyCount];
        int hits = 0;
        for (int i = 0; i < trace.Keys.Length; i++)
        {
            int key = trace.Keys[i];
            if (expiresMs[key] > trace.TimesMs[i])
                hits++;
            else if (isKept[key])
                expiresMs[key] = trace.TimesMs[i] + FeatureTrace.LifeMsOf(key);
        }

        return hits;
    }

    private static void Drop(int[] useOf, int key, ref int held)
    {
        held -= useOf[key] >= 0 ? 1 : 0;
        useOf[key] = -1;
    }

    /// <summary>By request: the next one for the same key.</summary>
    private static int[] NextUses(FeatureTrace trace)
    {
        int[] next = new int[trace.Keys.Length];
        int[] later = new int[FeatureTrace.KeyCount];
        Array.Fill(later, Never);
        for (int i = trace.Keys.Length - 1; i >= 0; i--)
        {
            next[i] = later[trace.Keys[i]];
            later[trace.Keys[i]] = i;
        }

        return next;
    }
}

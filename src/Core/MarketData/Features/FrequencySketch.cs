using System.Numerics;

namespace Exchange.Core.MarketData.Features;

/// <summary>About how often keys were asked for lately: four small counters a key, of which the smallest counts; all are halved now and then.</summary>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const byte Most = 255;

    private readonly byte[] _counters;
    private readonly int _sample;
    private int _added;

    /// <param name="entries">Keys that the cache may hold, about.</param>
    public FrequencySketch(int entries)
    {
        _counters = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(entries, 16) * 32)];
        _sample = Math.Max(entries, 16) * 100;
    }

    public int Of(int hash)
    {
        int least = Most;
        for (int row = 0; row < Rows; row++)
            least = Math.Min(least, _counters[Place(hash, row)]);
        return least;
    }

    public void Add(int hash)
    {
        bool isAdded = false;
        for (int row = 0; row < Rows; row++)
        {
            ref byte counter = ref _counters[Place(hash, row)];
            if (counter == Most)
                continue;
            counter++;
            isAdded = true;
        }

        if (!isAdded || ++_added < _sample)
            return;
        for (int i = 0; i < _counters.Length; i++)
            _counters[i] >>= 1;
        _added /= 2;
    }

    private int Place(int hash, int row)
    {
        unchecked
        {
            ulong mixed = ((uint)hash + 0x9E3779B97F4A7C15UL * (ulong)(row + 1)) * 0xBF58476D1CE4E5B9UL;
            return (int)((mixed ^ (mixed >> 31)) & (uint)(_counters.Length - 1));
        }
    }
}

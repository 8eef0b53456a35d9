namespace Exchange.Tests.Shared;

/// <summary>Makes inputs out of good ones: what an attacker, a broken client or a bad disk would send. Repeatable from its seed.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> tokens, int mostBytes)
{
    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[mostBytes];
    private int _length;

    /// <summary>The next input; good until the next call.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        byte[] start = seeds[_random.Next(seeds.Count)];
        _length = Math.Min(start.Length, _buffer.Length);
        start.AsSpan(0, _length).CopyTo(_buffer);
        for (int edits = _random.Next(1, 6); edits > 0; edits--)
            Edit();
        return _buffer.AsMemory(0, _length);
    }

    private void Edit()
    {
        switch (_random.Next(8))
        {
            case 0 when _length > 0:
                _buffer[_random.Next(_length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when _length > 0:
                _buffer[_random.Next(_length)] = (byte)_random.Next(256);
                break;
            case 2:
                Replace(_random.Next(_length + 1), _random.Next(9), []);
                break;
            case 3:
                Replace(_random.Next(_length + 1), 0, tokens[_random.Next(tokens.Count)]);
                break;
            case 4:
                Replace(_random.Next(_length + 1), _random.Next(12), tokens[_random.Next(tokens.Count)]);
                break;
            case 5:
                Repeat();
                break;
            case 6:
                byte[] other = seeds[_random.Next(seeds.Count)];
                int from = _random.Next(other.Length + 1);
                Replace(_random.Next(_length + 1), _random.Next(_length + 1), other.AsSpan(from, _random.Next(other.Length - from + 1)));
                break;
            default:
                _length = _random.Next(_length + 1);
                break;
        }
    }

    /// <summary>A part again, up to a thousand times: depth and length.</summary>
    private void Repeat()
    {
        int at = _random.Next(_length + 1);
        byte[] part = _buffer.AsSpan(at, Math.Min(_length - at, _random.Next(1, 9))).ToArray();
        for (int times = _random.Next(4) == 0 ? 1_000 : _random.Next(1, 9); times > 0 && _length + part.Length <= _buffer.Length; times--)
            Replace(at, 0, part);
    }

    private void Replace(int at, int removed, ReadOnlySpan<byte> by)
    {
        removed = Math.Min(removed, _length - at);
        if (_length - removed + by.Length > _buffer.Length)
            return;
        _buffer.AsSpan(at + removed, _length - at - removed).CopyTo(_buffer.AsSpan(at + by.Length));
        by.CopyTo(_buffer.AsSpan(at));
        _length += by.Length - removed;
    }
}

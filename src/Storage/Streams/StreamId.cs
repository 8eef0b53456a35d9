namespace Exchange.Storage.Streams;

/// <summary>One machine's stream: what kind of machine, and which of them.</summary>
/// <param name="Kind">Of the machine; stored, so never given another meaning.</param>
/// <param name="Key">Such as the number of a book or an account.</param>
public readonly record struct StreamId(byte Kind, uint Key)
{
    /// <summary>As the database stores it; streams of one kind lie together.</summary>
    public long Value => ((long)Kind << 32) | Key;

    public static StreamId FromValue(long value) => new(checked((byte)(value >> 32)), (uint)value);

    public override string ToString() => $"{Kind}/{Key}";
}

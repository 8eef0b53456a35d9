namespace Exchange.Storage.Streams;

/// <summary>One record of a stream's journal, or one row of its log.</summary>
/// <param name="Number">1, 2, 3 … in its stream; journal and log count by themselves.</param>
/// <param name="Bytes">Its own: they stay as they are.</param>
public readonly record struct StreamRecord(ulong Number, ReadOnlyMemory<byte> Bytes);

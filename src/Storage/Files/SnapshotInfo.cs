namespace Exchange.Storage.Files;

/// <summary>What a snapshot is of.</summary>
public sealed record SnapshotInfo
{
    /// <summary>Of the last record applied; recovery goes on behind it.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Of that record, in milliseconds since 1970.</summary>
    public required long TimeMs { get; init; }

    /// <summary>Of the machines at that record: what was restored must have the same.</summary>
    public required ulong StateHash { get; init; }

    /// <summary>The build that wrote it, at most <see cref="MaxWriterBytes"/> in UTF-8. New rules never replay an old journal.</summary>
    public required string WriterVersion { get; init; }

    public const int MaxWriterBytes = 128;
}

/// <summary>A snapshot is not what was written.</summary>
public sealed class SnapshotDamagedException(string path, string detail) : IOException($"{path} is damaged: {detail}.")
{
    public string Path { get; } = path;
}

namespace Exchange.Storage.Files;

/// <summary>The journal may not be used as it is. Nothing was changed; an operator decides.</summary>
public abstract class JournalException : IOException
{
    private protected JournalException(string message)
        : base(message)
    {
    }
}

/// <summary>Something that was durable is not what was written. Repair from a copy only.</summary>
public sealed class JournalDamagedException : JournalException
{
    public JournalDamagedException(string path, long offset, ulong sequence, string detail)
        : base($"{path} is damaged at offset {offset}, where sequence {sequence} should be: {detail}.")
    {
        Path = path;
        Offset = offset;
        Sequence = sequence;
    }

    public string Path { get; }

    public long Offset { get; }

    /// <summary>The first that cannot be read; 0 if unknown.</summary>
    public ulong Sequence { get; }
}

/// <summary>Records that must be there are not: a file was removed, or an older folder was put in place.</summary>
public sealed class JournalGapException : JournalException
{
    public JournalGapException(string path, ulong sequence, string detail)
        : base($"{path} does not hold sequence {sequence}: {detail}.")
    {
        Path = path;
        Sequence = sequence;
    }

    public string Path { get; }

    public ulong Sequence { get; }
}

/// <summary>A newer build wrote this file.</summary>
public sealed class JournalVersionException(string path, uint version, uint newestKnown)
    : JournalException($"{path} is of version {version}; this build reads up to {newestKnown}. Use the newer build.")
{
    public uint Version { get; } = version;
}

/// <summary>Another process, or another part of this one, has the folder.</summary>
public sealed class JournalInUseException(string directory)
    : JournalException($"{directory} is in use by another process: two exchanges must not share one journal.")
{
}

/// <summary>No prepared segment is left and there is no space for one.</summary>
public sealed class JournalFullException(string directory)
    : JournalException($"{directory} has no space left for the journal. Everything acknowledged is durable.")
{
}

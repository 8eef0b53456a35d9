namespace Exchange.Storage.Files;

/// <summary>A file operation failed. What it was to write is in an unknown state: stop, never try again.</summary>
public sealed class StorageException : IOException
{
    private const int NoSpace = 28;          // ENOSPC
    private const int FileTooLarge = 27;     // EFBIG
    private const int QuotaExceeded = 122;   // EDQUOT

    public StorageException(string operation, string path, int errorNumber, string detail)
        : base($"{operation} of {path} failed: {detail} (error {errorNumber}).")
    {
        Operation = operation;
        Path = path;
        ErrorNumber = errorNumber;
    }

    public StorageException(string operation, string path, IOException cause)
        : base($"{operation} of {path} failed: {cause.Message}", cause)
    {
        Operation = operation;
        Path = path;
        ErrorNumber = cause.HResult;
    }

    public string Operation { get; }

    public string Path { get; }

    /// <summary>The operating system's number (errno); 0 for a short write or read.</summary>
    public int ErrorNumber { get; }

    /// <summary>Whether room, not the disk, was the cause.</summary>
    public bool IsSpaceShortage => ErrorNumber is NoSpace or FileTooLarge or QuotaExceeded;
}

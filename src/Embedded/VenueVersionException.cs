namespace Exchange.Embedded;

/// <summary>The journal's last commands were written by another build: new rules never replay an old journal.</summary>
public sealed class VenueVersionException(string writer, string running, ulong sequence) : IOException(
    $"Record {sequence} of the journal was written by version {writer}; this is version {running}. "
    + $"Start version {writer} once more and stop it: its snapshot is where {running} goes on.")
{
    public string Writer { get; } = writer;

    public ulong Sequence { get; } = sequence;
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Exchange.Core.Feed;

namespace Exchange.Embedded;

/// <summary>The own events that an orderly stop leaves beside its snapshot, so that streams resume over it.</summary>
/// <remarks>
/// A convenience, never a truth: what is damaged, of another version or of another record than the venue came up at is left aside, and the
/// cursors of before are too old. The venue's version is part of the digest: another one may tell events otherwise.
/// </remarks>
internal static class OwnEventsFile
{
    public const string Name = "own-events";
    private const int HeadBytes = sizeof(ulong) + SHA256.HashSizeInBytes;

    /// <param name="sequence">The last record whose events are in it.</param>
    public static void Save(string folder, ulong sequence, string version, OwnHistory history)
    {
        byte[] content = history.ToBytes();
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, sequence);
        Digest(head, version, content);
        SideFile.Replace(folder, Name, head, content);
    }

    /// <summary>Null: there is none that fits.</summary>
    /// <param name="sequence">The record that the venue came up at.</param>
    public static OwnHistory? Read(string folder, ulong sequence, string version)
    {
        if (SideFile.Read(folder, Name) is not { Length: >= HeadBytes } bytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != sequence)
            return null;
        byte[] content = bytes[HeadBytes..];
        byte[] head = bytes[..HeadBytes];
        Digest(head, version, content);
        return head.AsSpan().SequenceEqual(bytes.AsSpan(0, HeadBytes)) ? OwnHistory.FromBytes(content) : null;
    }

    private static void Digest(byte[] head, string version, byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head.AsSpan(0, sizeof(ulong)));
        hash.AppendData(Encoding.UTF8.GetBytes(version));
        hash.AppendData(content);
        hash.GetHashAndReset(head.AsSpan(sizeof(ulong)));
    }
}

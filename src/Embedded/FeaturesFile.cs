using System.Security.Cryptography;

namespace Exchange.Embedded;

/// <summary>The features that an orderly stop leaves. A convenience, never a truth: they can be put again.</summary>
internal static class FeaturesFile
{
    public const string Name = "features";

    public static void Save(string folder, ReadOnlySpan<byte> content) => SideFile.Replace(folder, Name, SHA256.HashData(content), content);

    /// <summary>Null: there are none, or they are damaged.</summary>
    public static byte[]? Read(string folder)
    {
        byte[]? bytes = SideFile.Read(folder, Name);
        return bytes is { Length: >= SHA256.HashSizeInBytes }
            && SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))
                ? bytes[SHA256.HashSizeInBytes..]
                : null;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Exchange.Edge.Authentication;

/// <summary>SHA-256 of a token's text: all that is kept of it.</summary>
/// <remarks>A token has 256 random bits, so a plain hash suffices, and looking it up by its hash tells a guesser nothing.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    private const int LongestToken = 128;

    /// <summary>Hash of a token as it came in the Authorization header; false: it cannot be one.</summary>
    public static bool TryOf(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        Span<byte> text = stackalloc byte[LongestToken];
        if (token.Length is 0 or > LongestToken || !Ascii.IsValid(token))
            return false;
        int length = Encoding.ASCII.GetBytes(token, text);

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], digest);
        hash = From(digest);
        return true;
    }

    public static TokenHash From(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    public string Hex() => $"{High:x32}{Low:x32}";
}

/// <summary>What a token grants.</summary>
/// <param name="KeyId">The key it was made with.</param>
/// <param name="Account">0: none.</param>
/// <param name="ExpiresMs">Unix milliseconds from which on it is refused.</param>
public sealed record TokenGrant(string KeyId, uint Account, Permissions Permissions, long ExpiresMs);

/// <summary>The text of tokens.</summary>
public static class TokenText
{
    private const string Prefix = "xt_";

    /// <summary>A new one, and what is kept of it.</summary>
    public static (string Text, TokenHash Hash) Create()
    {
        string text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return TokenHash.TryOf(text, out TokenHash hash) ? (text, hash) : throw new InvalidOperationException("A token of our own making has no hash.");
    }
}

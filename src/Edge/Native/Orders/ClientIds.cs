using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Orders;

/// <summary>Client order ids and transfer ids: their grammar, and those made for orders that came without one.</summary>
internal sealed class ClientIds
{
    public const string Grammar = "1 to 36 of A-Z a-z 0-9 . _ : / -";

    // Random, so that no two runs of the server make the same ids.
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes("x-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)) + "-");
    private long _made;

    /// <summary>An id that no order of this account can have yet.</summary>
    public ClientOrderId Make()
    {
        Span<byte> text = stackalloc byte[ClientOrderId.Capacity];
        _prefix.CopyTo(text);
        Utf8Formatter.TryFormat(Interlocked.Increment(ref _made), text[_prefix.Length..], out int digits);
        return ClientOrderId.From(text[..(_prefix.Length + digits)]);
    }

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        foreach (byte c in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'.' or (byte)'_' or (byte)':' or (byte)'/' or (byte)'-'))
                return false;
        }

        return text.Length is >= 1 and <= ClientOrderId.Capacity;
    }

    public static Problem Refusal(string field) =>
        Problems.Field(ErrorCatalogue.BadClientId, field, $"{field} must be {Grammar} only.", Grammar);

    /// <summary>The key the venue compares instead of the text.</summary>
    public static ClientKey KeyOf(in ClientOrderId id)
    {
        ReadOnlySpan<byte> text = id;
        int end = text.IndexOf((byte)0);
        return ClientKey.From(end < 0 ? text : text[..end]);
    }
}

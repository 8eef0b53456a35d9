namespace Exchange.Edge.Authentication;

/// <summary>Lower-case hexadecimal, strictly: a signature has one spelling.</summary>
internal static class LowerHex
{
    /// <summary>False: wrong length or another character; the target is then unspecified.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> target)
    {
        if (text.Length != target.Length * 2 || text.ContainsAnyInRange('A', 'F'))
            return false;
        return Convert.FromHexString(text, target, out _, out int written) == System.Buffers.OperationStatus.Done && written == target.Length;
    }
}

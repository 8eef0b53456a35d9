using System.Net;
using System.Net.Sockets;

namespace Exchange.Edge.Authentication;

/// <summary>The addresses a key may be used from: single ones and CIDR ranges, IPv4 and IPv6. Empty: from anywhere.</summary>
public sealed class AddressList
{
    /// <summary>Entries of one list.</summary>
    public const int MostEntries = 32;

    public static readonly AddressList Anywhere = new([]);

    private readonly IPNetwork[] _ranges;

    private AddressList(IPNetwork[] ranges) => _ranges = ranges;

    public bool IsAnywhere => _ranges.Length == 0;

    /// <summary>Each as it is written: <c>203.0.113.7</c>, <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>.</summary>
    public IEnumerable<string> Texts => _ranges.Select(TextOf);

    internal IEnumerable<IPNetwork> Ranges => _ranges;

    /// <summary>Null: an entry is neither an address nor a range whose bits behind the prefix are zero, or there are too many.</summary>
    public static AddressList? Parse(IReadOnlyCollection<string> entries)
    {
        if (entries.Count > MostEntries)
            return null;
        var ranges = new IPNetwork[entries.Count];
        int count = 0;
        foreach (string entry in entries)
        {
            if (!TryParse(entry, out ranges[count++]))
                return null;
        }

        return ranges.Length == 0 ? Anywhere : new AddressList(ranges);
    }

    /// <summary>Whether a client at this address is let in; an unknown address only where everybody is.</summary>
    public bool Allows(IPAddress? address)
    {
        if (IsAnywhere)
            return true;
        if (address is null)
            return false;
        address = Plain(address);
        foreach (IPNetwork range in _ranges)
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>Whether everyone that this list lets in is let in by the other, too.</summary>
    public bool IsWithin(AddressList other) =>
        other.IsAnywhere || (!IsAnywhere && Array.TrueForAll(_ranges, range => other._ranges.Any(wide => Covers(wide, range))));

    /// <summary>An IPv4 address that came over an IPv6 socket, as the IPv4 address that it is.</summary>
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool Covers(IPNetwork wide, IPNetwork range) =>
        wide.PrefixLength <= range.PrefixLength && wide.Contains(range.BaseAddress);

    private static bool TryParse(string entry, out IPNetwork range)
    {
        range = default;
        int slash = entry.IndexOf('/');
        string text = slash < 0 ? entry : entry[..slash];
        if (!IPAddress.TryParse(text, out IPAddress? address) || !IsPlainSpelling(text, address))
            return false;
        if (slash >= 0)
            return IPNetwork.TryParse(entry, out range) && range.BaseAddress.Equals(address);
        range = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>The framework also reads 127.1, 0x7f.0.0.1, zones and brackets: spellings that others would read differently.</summary>
    private static bool IsPlainSpelling(string text, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.ToString() == text
        : !address.IsIPv4MappedToIPv6 && !text.AsSpan().ContainsAny('%', '[', ']');

    private static string TextOf(IPNetwork range)
    {
        bool isSingle = range.PrefixLength == (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return isSingle ? range.BaseAddress.ToString() : range.ToString();
    }
}

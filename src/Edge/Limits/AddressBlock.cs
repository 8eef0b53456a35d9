using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Edge.Limits;

/// <summary>Whom an address stands for: an IPv4 address itself, of IPv6 its /64, which one client has whole.</summary>
/// <param name="Prefix">The 32 or the first 64 bits.</param>
/// <param name="Bits">32, 64, or 0 where there is no address.</param>
internal readonly record struct AddressBlock(ulong Prefix, int Bits)
{
    public static AddressBlock Of(IPAddress? address)
    {
        if (address is null)
            return default;
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && address.AddressFamily == AddressFamily.InterNetwork
            ? new AddressBlock(BinaryPrimitives.ReadUInt32BigEndian(bytes), 32)
            : new AddressBlock(BinaryPrimitives.ReadUInt64BigEndian(bytes), 64);
    }
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Cli.Doctor;

/// <summary>How long a network card holds packets back before it interrupts, as ethtool shows it.</summary>
/// <param name="IsAdaptive">The driver changes it by load.</param>
/// <param name="ReceiveUs">Microseconds from a packet to its interrupt.</param>
internal readonly partial record struct InterruptCoalescing(bool IsAdaptive, uint ReceiveUs)
{
    private const nuint EthtoolRequest = 0x8946;
    private const uint GetCoalescing = 0x0E;
    private const int NameBytes = 16;
    private const int RequestBytes = 40;
    private const int Fields = 23;
    private const int ReceiveUsField = 1;
    private const int AdaptiveReceiveField = 10;

    /// <returns>Null: the driver has no such setting, or does not tell.</returns>
    public static unsafe InterruptCoalescing? Of(string card)
    {
        byte* request = stackalloc byte[RequestBytes];
        uint* answer = stackalloc uint[Fields];
        new Span<byte>(request, RequestBytes).Clear();
        new Span<uint>(answer, Fields).Clear();
        Encoding.ASCII.GetBytes(card.AsSpan(0, Math.Min(card.Length, NameBytes - 1)), new Span<byte>(request, NameBytes));
        answer[0] = GetCoalescing;
        *(uint**)(request + NameBytes) = answer;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        if (Control((int)socket.Handle, EthtoolRequest, request) != 0)
            return null;
        return new InterruptCoalescing(answer[AdaptiveReceiveField] != 0, answer[ReceiveUsField]);
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Control(int descriptor, nuint request, byte* argument);
}

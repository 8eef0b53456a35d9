using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.BadInput;

/// <summary>Connections in HTTP/2 that no honest client makes (S14): the server ends each by itself, and another client trades on.</summary>
public sealed partial class HostileHttp2Tests(HostileHttp2Tests.Target target) : IClassFixture<HostileHttp2Tests.Target>
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, Continuation = 9;
    private const byte EndStream = 1, EndHeaders = 4;

    /// <summary>Beyond what the server's patience and a busy machine take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What a hostile connection may cost at most, in memory; all floods together are some hundred MB.</summary>
    private const long MostBytes = 128 << 20;

    public static TheoryData<string> Attacks =>
        ["rapid reset", "continuation flood", "settings flood", "ping flood", "a window of zero", "a compression bomb", "streams beyond the limit", "empty frames"];

    [Theory, MemberData(nameof(Attacks))]
    public async Task It_is_ended_by_the_server_and_another_client_trades_on(string attack)
    {
        long before = target.Server.MemoryBytes("VmRSS:");

        await Bystander.TradesDuring(target.Server, async () =>
        {
            using var client = new TcpClient(AddressFamily.InterNetwork) { ReceiveBufferSize = 4_096 };
            await client.ConnectAsync(target.Http2.Host, target.Http2.Port);
            NetworkStream stream = client.GetStream();
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), patience.Token);
                foreach (byte[] bytes in BytesOf(attack))
                    await stream.WriteAsync(bytes, patience.Token);
                byte[] answers = new byte[64 << 10];
                while (await stream.ReadAsync(answers, patience.Token) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Cut off.
            }
        });

        Assert.InRange(target.Server.MemoryBytes("VmRSS:") - before, long.MinValue, MostBytes);
    }

    private static IEnumerable<byte[]> BytesOf(string attack)
    {
        yield return Frame(Settings, 0, 0, attack == "a window of zero" ? [0, 4, 0, 0, 0, 0] : []);
        switch (attack)
        {
            case "rapid reset":
                for (uint i = 0; i < 100_000; i++)
                    yield return [.. Request(1 + (2 * i), "/api/v1/time"), .. Frame(Reset, 0, 1 + (2 * i), [0, 0, 0, 8])];
                break;
            case "continuation flood":
                yield return Frame(Headers, EndStream, 1, Block("/api/v1/time"));
                for (int i = 0; i < 100_000; i++)
                    yield return Frame(Continuation, 0, 1, [0, 1, (byte)'a', 100, .. new byte[100].Select(_ => (byte)'b')]);
                break;
            case "settings flood":
                for (int i = 0; i < 100_000; i++)
                    yield return Many(Frame(Settings, 0, 0, []), 100);
                break;
            case "ping flood":
                for (int i = 0; i < 100_000; i++)
                    yield return Many(Frame(Ping, 0, 0, new byte[8]), 100);
                break;
            case "a window of zero":
                for (uint i = 0; i < 90; i++)
                    yield return Request(1 + (2 * i), "/openapi/v1.json");
                break;
            case "a compression bomb":
                // A header of 4,000 bytes enters the table, and is then named 12,000 times by a byte.
                byte[] big = [0x40, 1, (byte)'a', 0x7f, 0x81, 0x1e, .. Many([(byte)'b'], 4_000)];
                yield return Frame(Headers, EndStream | EndHeaders, 1, [.. Block("/api/v1/time"), .. big, .. Many([0xbe], 12_000)]);
                break;
            case "streams beyond the limit":
                for (uint i = 0; i < 300; i++)
                    yield return Frame(Headers, EndHeaders, 1 + (2 * i), Block("/api/v1/orders"));
                break;
            default:
                yield return Frame(Headers, EndHeaders, 1, Block("/api/v1/orders"));
                for (int i = 0; i < 100_000; i++)
                    yield return Many(Frame(Data, 0, 1, []), 100);
                break;
        }
    }

    private static byte[] Request(uint stream, string path) => Frame(Headers, EndStream | EndHeaders, stream, Block(path));

    /// <summary>GET, http, the path, and a host, as HPACK has them (RFC 7541).</summary>
    private static byte[] Block(string path) => [0x82, 0x86, 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path), 0x01, 1, (byte)'x'];

    /// <summary>RFC 9113, 4.1.</summary>
    private static byte[] Frame(byte type, byte flags, uint stream, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static byte[] Many(byte[] bytes, int times) => [.. Enumerable.Repeat(bytes, times).SelectMany(b => b)];

    [GeneratedRegex(@"Now listening on: (?<url>\S+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Addresses();

    /// <summary>A server with an address of HTTP/2 beside that of HTTP/1.1, and a second of patience.</summary>
    public sealed class Target : IAsyncLifetime
    {
        private readonly DataFolder _folder = new();

        internal ServerProcess Server { get; private set; } = null!;

        internal Uri Http2 { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await ServerProcess.Start(
                _folder,
                new ServerSettings
                {
                    Arguments =
                    [
                        "--Edge:HeaderTimeoutMs=1000", "--Edge:RateGraceMs=1001", "--Edge:KeepAliveMs=1000", "--Edge:MinTakenBytesPerSecond=10000000",
                        "--Kestrel:Endpoints:A:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:B:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:B:Protocols=Http2",
                    ],
                });
            Http2 = Addresses().Matches(Server.Output).Select(match => new Uri(match.Groups["url"].Value)).Single(url => url.Port != Server.Address.Port);
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            _folder.Dispose();
        }
    }
}

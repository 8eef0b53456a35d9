using System.Net;
using System.Net.Sockets;

namespace Exchange.Tests.Shared;

/// <summary>Stands between a client and a server on this machine, and does to their connections what networks do.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly List<Socket> _sockets = [];
    private int _refusals;
    private long _swallowedRequests;
    private long _swallowedAnswers;
    private bool _isClosed;

    public TcpProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What clients send vanishes.</summary>
    public bool SwallowsRequests { get; set; }

    /// <summary>What the server sends vanishes: it has done what was asked, and nobody learns it.</summary>
    public bool SwallowsAnswers { get; set; }

    /// <summary>New connections are closed at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>So many of the next connections are closed at once.</summary>
    public void RefuseNext(int connections) => Volatile.Write(ref _refusals, connections);

    /// <summary>Bytes that vanished on their way to the server.</summary>
    public long SwallowedRequests => Interlocked.Read(ref _swallowedRequests);

    /// <summary>Bytes that vanished on their way to the client.</summary>
    public long SwallowedAnswers => Interlocked.Read(ref _swallowedAnswers);

    /// <summary>Cuts every connection, without a word.</summary>
    public void Cut()
    {
        Socket[] open;
        lock (_sockets)
        {
            open = [.. _sockets];
            _sockets.Clear();
        }

        foreach (Socket socket in open)
            socket.Close(timeout: 0);   // a reset, not an end
    }

    public void Dispose()
    {
        _isClosed = true;
        _listener.Stop();
        Cut();
    }

    private async Task Accept()
    {
        while (!_isClosed)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Serve(client);
        }
    }

    private async Task Serve(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            if (Refuses || Interlocked.Decrement(ref _refusals) >= 0)
                return;
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            lock (_sockets)
                _sockets.AddRange([client, server]);

            // Once more: one that was on its way as all others were cut would live on.
            if (Refuses)
                return;
            Task requests = Copy(client, server, bytes => Swallow(SwallowsRequests, ref _swallowedRequests, bytes));
            Task answers = Copy(server, client, bytes => Swallow(SwallowsAnswers, ref _swallowedAnswers, bytes));
            await Task.WhenAny(requests, answers);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // As networks do.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
            lock (_sockets)
                _sockets.RemoveAll(socket => socket == client || socket == server);
        }
    }

    private static bool Swallow(bool isOn, ref long swallowed, int bytes)
    {
        if (isOn)
            Interlocked.Add(ref swallowed, bytes);
        return isOn;
    }

    private static async Task Copy(Socket from, Socket to, Func<int, bool> swallow)
    {
        byte[] buffer = new byte[64 * 1_024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int bytes)
                if (!swallow(bytes))
                    await SendAll(to, buffer.AsMemory(0, bytes));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The other direction ends with it.
        }
    }

    private static async Task SendAll(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await to.SendAsync(bytes)..];
    }
}

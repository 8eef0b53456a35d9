using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Exchange.Acceptance.Crowd;

/// <summary>Clients that misbehave, each in its own way, again as soon as the server has had enough of them.</summary>
/// <param name="server">Whom they bother.</param>
/// <param name="symbol">Whose deep book they ask for.</param>
internal sealed class Misbehaving(Uri server, string symbol)
{
    private const int SmallBuffer = 4_096;
    private const int AsksPerRead = 4;
    private static readonly TimeSpan BeginEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>As often as the server lets a stream send.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(25);
    private int _begun;

    /// <summary>How often one of them has begun anew.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Runs them until it is over: so many never read, as many read slowly, fewer send garbage, as many open and drop.</summary>
    public Task Run(int neverRead, int slow, int garbage, int drop, CancellationToken over)
    {
        List<Task> all = [];
        Add(neverRead, index => AskForMore(index, reads: false, over));
        Add(slow, index => AskForMore(index, reads: true, over));
        Add(garbage, index => SendGarbage(index, over));
        Add(drop, index => OpenAndDrop(index, over));
        return Task.WhenAll(all);

        void Add(int count, Func<int, Task> behave)
        {
            for (int i = 0; i < count; i++)
            {
                int index = all.Count;
                all.Add(Task.Run(() => AgainAndAgain(() => behave(index), over), CancellationToken.None));
            }
        }
    }

    private async Task AgainAndAgain(Func<Task> behave, CancellationToken over)
    {
        using var pace = new PeriodicTimer(BeginEvery);
        while (!over.IsCancellationRequested)
        {
            Interlocked.Increment(ref _begun);
            try
            {
                await behave();
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException)
            {
                // Cut by the server, or over.
            }

            if (!over.IsCancellationRequested)
                await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Asks for the book again and again and takes a little of it now and then, or nothing at all.</summary>
    private async Task AskForMore(int index, bool reads, CancellationToken over)
    {
        using CrowdSocket stream = await Open(index, SmallBuffer);
        using var pace = new PeriodicTimer(AskEvery);
        for (int asked = 0; await pace.WaitForNextTickAsync(over); asked++)
        {
            await stream.Subscribe($"orderbook@{symbol}@0", $"trades@{symbol}@0");
            if (reads && asked % AsksPerRead == 0 && await stream.Read(over) == 0)
                return;
        }
    }

    private async Task SendGarbage(int index, CancellationToken over)
    {
        using CrowdSocket stream = await Open(index);
        await stream.ReadUntil("\r\n\r\n", over);
        byte[] garbage = (index % 3) switch
        {
            0 => RandomNumberGenerator.GetBytes(2_000),
            1 => [.. Enumerable.Repeat(CrowdSocket.Frame("{\"op\":\"subscribe\",\"channels\":[[[[["), 200).SelectMany(frame => frame)],
            _ => [0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, .. new byte[70_000]],
        };
        await stream.Send(garbage);
        await stream.ReadOn(over);
    }

    private async Task OpenAndDrop(int index, CancellationToken over)
    {
        using CrowdSocket stream = await Open(index);
        await stream.Subscribe($"orderbook@{symbol}");
        if (index % 2 == 0)
            await stream.ReadUntil("snapshot", over);
    }

    // Ten at an address: no limit of an address keeps them out.
    private Task<CrowdSocket> Open(int index, int receiveBytes = 0) =>
        CrowdSocket.Connect(server, new IPAddress([127, 0, 66, (byte)(1 + (index / 10))]), receiveBytes);
}

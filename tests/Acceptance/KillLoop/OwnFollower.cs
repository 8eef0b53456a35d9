using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exchange.NativeApi.Clients;

namespace Exchange.Acceptance.KillLoop;

/// <summary>What one account was told on its stream up to the kill, and whether it is told on from there afterwards.</summary>
internal sealed class OwnFollower : IDisposable
{
    /// <summary>Told again to compare; a stream repeats at most 1,000.</summary>
    private const int Repeated = 200;

    private static readonly string[] s_channels = ["orders", "positions", "balances"];
    private readonly StreamClient _stream;
    private readonly List<(string Cursor, string Told)> _seen = [];
    private readonly Task _reading;

    private OwnFollower(StreamClient stream, string begin)
    {
        _stream = stream;
        _seen.Add((begin, ""));
        _reading = Task.Run(Read);
    }

    public static async Task<OwnFollower> Begin(StreamClient stream) => new(stream, (await stream.Subscribe(s_channels))!);

    /// <summary>Events told up to the kill.</summary>
    public int Told => _seen.Count - 1;

    public Task End() => _reading;

    /// <summary>Of the same account after the kill: what follows the last cursor is what follows any cursor before it, and begins where the client had come to.</summary>
    /// <returns>Events that had happened, and that the client had not been told.</returns>
    public async Task<int> ExpectToGoOn(Func<Task<StreamClient>> open)
    {
        int from = Math.Max(0, _seen.Count - 1 - Repeated);
        List<string> all = await ReadFrom(open, _seen[from].Cursor);
        List<string> rest = await ReadFrom(open, _seen[^1].Cursor);
        string[] expected = [.. _seen.Skip(from + 1).Select(seen => seen.Told), .. rest];
        int differs = expected.Zip(all).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            expected.SequenceEqual(all, StringComparer.Ordinal),
            $"Event {differs} was told as {expected.ElementAtOrDefault(differs)} and later as {all.ElementAtOrDefault(differs)}");
        return rest.Count;
    }

    public void Dispose() => _stream.Dispose();

    private async Task Read()
    {
        try
        {
            while (await _stream.ReceiveOrEnd() is { } message)
                _seen.Add((Fields.TextOf(message, "cursor"), Essence(message)));
        }
        catch (Exception gone) when (gone is WebSocketException or IOException)
        {
            // The server was killed.
        }
    }

    /// <summary>All that was missed: it comes before the answer to a question asked after it.</summary>
    private static async Task<List<string>> ReadFrom(Func<Task<StreamClient>> open, string cursor)
    {
        using StreamClient stream = await open();
        await stream.Resume(cursor, s_channels);
        await stream.Send("""{"id":9,"op":"unsubscribe","channels":["orders"]}""");
        List<string> told = [];
        while (true)
        {
            JsonElement message = await stream.Receive();
            if (!message.TryGetProperty("channel", out _))
                return told;
            told.Add(Essence(message));
        }
    }

    /// <summary>Without the cursor: another start calls the same place otherwise.</summary>
    private static string Essence(JsonElement message)
    {
        JsonObject told = JsonNode.Parse(message.GetRawText())!.AsObject();
        Assert.True(told.Remove("cursor"));
        // Of an order that was amended or traded since these are later ones, or not told.
        (told["order"] as JsonObject)?.Remove("price");
        (told["order"] as JsonObject)?.Remove("averagePrice");
        return told.ToJsonString();
    }
}

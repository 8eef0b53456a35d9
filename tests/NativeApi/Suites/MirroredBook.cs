using System.Globalization;
using System.Text.Json;

namespace Exchange.NativeApi.Suites;

/// <summary>A book kept as the documentation tells clients to.</summary>
internal sealed class MirroredBook
{
    private readonly SortedDictionary<decimal, string> _bids = [];
    private readonly SortedDictionary<decimal, string> _asks = [];

    public MirroredBook(JsonElement snapshot)
    {
        Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());
        Number = snapshot.GetProperty("number").GetInt64();
        Put(snapshot);
    }

    public long Number { get; private set; }

    public string Bids => Text(_bids.Reverse());

    public string Asks => Text(_asks);

    public void Apply(JsonElement delta)
    {
        Assert.Equal("delta", delta.GetProperty("type").GetString());
        Assert.Equal(Number, delta.GetProperty("previous").GetInt64());
        Number = delta.GetProperty("last").GetInt64();
        Put(delta);
    }

    private void Put(JsonElement message)
    {
        foreach ((string side, SortedDictionary<decimal, string> levels) in new[] { ("bids", _bids), ("asks", _asks) })
        {
            foreach (JsonElement level in message.GetProperty(side).EnumerateArray())
            {
                decimal price = decimal.Parse(level[0].GetString()!);
                if (level[1].GetString() == "0")
                    levels.Remove(price);
                else
                    levels[price] = level[1].GetString()!;
            }
        }
    }

    private static string Text(IEnumerable<KeyValuePair<decimal, string>> levels) =>
        $"[{string.Join(',', levels.Select(level => $"[\"{level.Key.ToString("0.########", CultureInfo.InvariantCulture)}\",\"{level.Value}\"]"))}]";
}

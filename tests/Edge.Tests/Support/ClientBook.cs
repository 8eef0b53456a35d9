using System.Text.Json.Nodes;

namespace Exchange.Edge.Tests.Support;

/// <summary>A book as a client keeps it.</summary>
internal sealed class ClientBook
{
    public long Number { get; private set; }

    public SortedDictionary<string, string> Levels { get; } = new(StringComparer.Ordinal);

    public void Apply(JsonNode message)
    {
        if ((string?)message["type"] == "snapshot")
            Levels.Clear();
        else
            Assert.Equal(Number, (long)message["previous"]!);
        Number = (long)(message["number"] ?? message["last"])!;
        foreach (string side in new[] { "bids", "asks" })
        {
            foreach (JsonNode? level in message[side]!.AsArray())
            {
                string key = $"{side} {(string?)level![0]}";
                if ((string?)level[1] == "0")
                    Levels.Remove(key);
                else
                    Levels[key] = (string)level[1]!;
            }
        }
    }
}

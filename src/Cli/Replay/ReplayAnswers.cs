using System.Globalization;
using System.Text.Json;
using Exchange.Core.Units;

namespace Exchange.Cli.Replay;

/// <summary>Reads what the replay compares out of the server's answers.</summary>
internal static class ReplayAnswers
{
    private const int E8PerE4 = 10_000;
    private const int E8PerShare = 100_000_000;

    public static string OrderId(ReadOnlySpan<byte> order)
    {
        var reader = new Utf8JsonReader(order);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("orderId").GetString()!;
    }

    /// <summary>Why this is not one fill of exactly so much at exactly this price with nothing left; null: it is.</summary>
    public static string? DifferenceFromOneFill(ReadOnlySpan<byte> order, long priceE4, long shares)
    {
        var reader = new Utf8JsonReader(order);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        JsonElement fills = json.RootElement.GetProperty("fills");
        string? status = json.RootElement.GetProperty("status").GetString();
        if (status != "filled" || fills.GetArrayLength() != 1)
            return $"the execution is {status} with {fills.GetArrayLength()} fills, not filled with one";
        long price = Units(fills[0].GetProperty("price"), E8PerE4);
        long quantity = Units(fills[0].GetProperty("qty"), E8PerShare);
        return price == priceE4 && quantity == shares ? null : $"the execution is {quantity} @ {price}, not {shares} @ {priceE4}";
    }

    public static LobsterLevels Book(ReadOnlySpan<byte> book)
    {
        var reader = new Utf8JsonReader(book);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        return new LobsterLevels(Side(json.RootElement.GetProperty("asks")), Side(json.RootElement.GetProperty("bids")));
    }

    /// <summary>Shares still open, by the server's order id.</summary>
    public static Dictionary<string, long> OpenShares(ReadOnlySpan<byte> orders)
    {
        var reader = new Utf8JsonReader(orders);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("orders").EnumerateArray().ToDictionary(
            order => order.GetProperty("orderId").GetString()!,
            order => Units(order.GetProperty("qty"), E8PerShare) - Units(order.GetProperty("filledQty"), E8PerShare),
            StringComparer.Ordinal);
    }

    private static List<LobsterLevel> Side(JsonElement side)
    {
        var levels = new List<LobsterLevel>(side.GetArrayLength());
        foreach (JsonElement level in side.EnumerateArray())
            levels.Add(new LobsterLevel(Units(level[0], E8PerE4), Units(level[1], E8PerShare)));
        return levels;
    }

    private static long Units(JsonElement text, int unitE8)
    {
        if (DecimalText.ParseSignedE8(text.GetString(), out long valueE8) != DecimalTextResult.Ok || valueE8 % unitE8 != 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The server's answer has {text} where a price or quantity belongs."));
        return valueE8 / unitE8;
    }
}

using System.Globalization;

namespace Exchange.Cli.Replay;

/// <summary>Types of LOBSTER's messages, by their number in the file.</summary>
internal enum LobsterType
{
    Add = 1,
    PartialCancel = 2,
    Delete = 3,
    Execution = 4,

    /// <summary>Of an order that nobody sees; the book does not change.</summary>
    HiddenExecution = 5,
    Auction = 6,
    Halt = 7,
}

/// <summary>One row of a message file.</summary>
/// <param name="OrderId">The resting order that it is about.</param>
/// <param name="Size">Shares; of a partial cancel those taken away.</param>
/// <param name="PriceE4">In 1e-4 USD.</param>
/// <param name="IsBuy">The resting order's side.</param>
internal readonly record struct LobsterMessage(LobsterType Type, long OrderId, long Size, long PriceE4, bool IsBuy)
{
    private const int Fields = 6;

    /// <exception cref="FormatException">It is no such row.</exception>
    public static LobsterMessage Parse(string line)
    {
        string[] fields = line.Split(',');
        if (fields.Length != Fields)
            throw new FormatException($"{fields.Length} fields, not {Fields}");
        var type = (LobsterType)Number(fields[1]);
        if (type is < LobsterType.Add or > LobsterType.Halt)
            throw new FormatException($"type {fields[1]}");
        return new LobsterMessage(type, Number(fields[2]), Number(fields[3]), Number(fields[4]), Number(fields[5]) > 0);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}

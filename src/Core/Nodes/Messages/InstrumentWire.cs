using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <summary>An instrument with its version and state as bytes, in messages, journals and snapshots.</summary>
internal static class InstrumentWire
{
    public static void Write(SnapshotWriter to, InstrumentMessage message)
    {
        to.Write(message.Version);
        to.Write((byte)message.State);
        to.Write(message.SettlementTicks);
        Span<byte> bytes = stackalloc byte[Instrument.MaxEncodedBytes];
        to.WriteStructs<byte>(bytes[..message.Instrument.Encode(bytes)]);
    }

    /// <exception cref="SnapshotException">It is none.</exception>
    public static InstrumentMessage Read(SnapshotReader from)
    {
        ulong version = from.ReadUInt64();
        byte state = from.ReadByte();
        long settlementTicks = from.ReadInt64();
        byte[] bytes = from.ReadStructs<byte>(Instrument.MaxEncodedBytes);
        InstrumentError error = Instrument.Decode(bytes, out Instrument? instrument, out int read);
        if (error != InstrumentError.None || read != bytes.Length || state > (byte)TradingState.Settled
            || instrument!.SymbolId is < 0 or >= EngineLimits.MaxSymbols)
            throw new SnapshotException($"No instrument: {error}.");
        if (settlementTicks < 0 || settlementTicks > instrument.MaxPriceTicks)
            throw new SnapshotException($"{settlementTicks} is no settlement price.");
        return new InstrumentMessage(version, instrument, (TradingState)state, settlementTicks);
    }

    public static bool IsSame(Instrument one, Instrument other)
    {
        Span<byte> bytes = stackalloc byte[Instrument.MaxEncodedBytes];
        Span<byte> others = stackalloc byte[Instrument.MaxEncodedBytes];
        return bytes[..one.Encode(bytes)].SequenceEqual(others[..other.Encode(others)]);
    }
}

using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Grains.Operators;

/// <summary>All that the operator keeps, as one state.</summary>
internal sealed class OperatorState
{
    private static readonly uint Tag = SnapshotTag.Of("OPER");

    public List<Listing> Listings { get; } = [];

    /// <summary>Number of the last seed that was asked for.</summary>
    public ulong Seed { get; set; }

    public long SeedE8 { get; set; }

    /// <summary>Whether Clearing has taken it.</summary>
    public bool SeedIsTaken { get; set; } = true;

    public byte[] Write()
    {
        var writer = new SnapshotWriter();
        writer.BeginSection(Tag);
        writer.Write(Seed);
        writer.Write(SeedE8);
        writer.Write(SeedIsTaken);
        writer.Write(Listings.Count);
        foreach (Listing listing in Listings)
        {
            Write(writer, listing.Current);
            Write(writer, listing.Wanted);
        }

        writer.EndSection();
        return writer.Written.ToArray();
    }

    public void Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SnapshotReader(bytes);
        reader.BeginSection(Tag);
        Seed = reader.ReadUInt64();
        SeedE8 = reader.ReadInt64();
        SeedIsTaken = reader.ReadBool();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            var listing = new Listing(ReadInstrument(reader));
            listing.WantAgain(ReadInstrument(reader));
            Listings.Add(listing);
        }

        reader.EndSection();
    }

    private static void Write(SnapshotWriter writer, InstrumentMessage message)
    {
        var bytes = new SnapshotWriter(512);
        NodeMessageCodec.Encode(message, bytes);
        writer.WriteStructs<byte>(bytes.Written.Span);
    }

    private static InstrumentMessage ReadInstrument(SnapshotReader reader) =>
        (InstrumentMessage)NodeMessageCodec.Decode(reader.ReadStructs<byte>(Core.Instruments.Instrument.MaxEncodedBytes + 64));
}

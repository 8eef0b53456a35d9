using Exchange.Core.Wire;

namespace Exchange.Simulation.Books;

/// <content>The book, and beside it what the host has counted.</content>
internal sealed partial class BookNode
{
    protected override void Write(SnapshotWriter writer)
    {
        _book.Snapshot(writer);
        writer.Write(_nextOrderId);
        writer.Write(_remaindersE8);
        writer.Write(_remaindersNumber);
        writer.Write(_epochs.Count);
        foreach ((uint account, uint epoch) in _epochs)
        {
            writer.Write(account);
            writer.Write(epoch);
        }
    }

    protected override void Read(SnapshotReader reader)
    {
        _book.Restore(reader);
        _nextOrderId = reader.ReadUInt64();
        _remaindersE8 = reader.ReadInt64();
        _remaindersNumber = reader.ReadUInt64();
        for (int count = reader.ReadInt32(); count > 0; count--)
            _epochs[reader.ReadUInt32()] = reader.ReadUInt32();
    }
}

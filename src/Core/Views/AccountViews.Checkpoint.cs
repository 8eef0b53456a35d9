using Exchange.Core.Accounts;
using Exchange.Core.Wire;

namespace Exchange.Core.Views;

// Of one account alone: all that later events need, so that what is older may be left out.
public sealed partial class AccountViews
{
    private static readonly uint CheckpointTag = SnapshotTag.Of("ACPT");

    /// <summary>Writes open orders, held positions and where the numbers are; not what ended.</summary>
    internal void WriteCheckpoint(MarginAccount account, SnapshotWriter writer)
    {
        AccountHistory history = HistoryOf(account.Id);
        writer.BeginSection(CheckpointTag);
        writer.Write(store.LastFill);
        writer.Write(history.LastMovement);
        writer.Write(history.OpenOrders.Count);
        for (int at = history.OpenOrders.Start(1); history.OpenOrders.MoveToNewer(ref at, out RowKey key);)
        {
            writer.Write(key.Key);
            writer.WriteStruct(in store.Orders[key.Row]);
        }

        writer.Write(account.SymbolCount);
        for (int i = 0; i < account.SymbolCount; i++)
        {
            writer.Write(account.SymbolAt(i));
            for (int leg = 0; leg < 2; leg++)
            {
                PositionLeg position = account.PositionOf(account.SymbolAt(i), leg);
                writer.WriteStruct(new HeldPosition(position.Lots, position.IsolatedE8));
            }
        }

        writer.EndSection();
    }

    /// <summary>Reads a checkpoint into fresh views.</summary>
    /// <param name="timeMs">Of the checkpoint: movements of before are not here.</param>
    internal void ReadCheckpoint(uint account, long timeMs, SnapshotReader reader)
    {
        AccountHistory history = HistoryOf(account);
        reader.BeginSection(CheckpointTag);
        store.LastFill = reader.ReadUInt64();
        history.LastMovement = reader.ReadUInt64();
        store.LedgerBeginsMs = history.LastMovement == 0 ? 0 : timeMs;
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            Add(reader.ReadUInt64(), reader.ReadStruct<StoredOrder>());
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            int symbol = reader.ReadInt32();
            for (int leg = 0; leg < 2; leg++)
                SetPosition(new PositionSlot(account, symbol, leg), reader.ReadStruct<HeldPosition>(), out _);
        }

        reader.EndSection();
    }
}

using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Accounts;

internal enum TransferKind : byte
{
    Deposit = 1,
    Withdrawal = 2,
    Margin = 3,
}

/// <summary>The account's last transfers that were carried out, by their ids; older ones are forgotten.</summary>
/// <remarks>A refused transfer changed nothing and is not kept: its repeat is judged anew.</remarks>
internal sealed class TransferMemory
{
    public const int Capacity = 1_024;
    private const int FirstCapacity = 4;
    private Entry[] _entries = [];
    private int _next;

    public int Count { get; private set; }

    /// <summary>Finds a repeat: its first result if kind and amount are the same, else <see cref="RejectReason.TransferIdReused"/>.</summary>
    public bool TryRecall(ClientKey id, TransferKind kind, long amountE8, out RejectReason result)
    {
        result = RejectReason.None;
        if (id.IsNone)
            return false;
        for (int i = 0; i < Count; i++)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Id != id)
                continue;
            if (entry.Kind != kind || entry.AmountE8 != amountE8)
                result = RejectReason.TransferIdReused;
            return true;
        }

        return false;
    }

    public void Remember(ClientKey id, TransferKind kind, long amountE8)
    {
        if (id.IsNone)
            return;
        if (Count == _entries.Length && Count < Capacity)
            Array.Resize(ref _entries, Math.Max(FirstCapacity, Count * 2));
        _entries[_next] = new Entry { Id = id, AmountE8 = amountE8, Kind = kind };
        Count = Math.Max(Count, _next + 1);
        _next = (_next + 1) % Capacity;
    }

    public void Write(SnapshotWriter writer)
    {
        writer.Write(Count);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Entry entry = ref At(i);
            writer.WriteStruct(entry.Id);
            writer.Write(entry.AmountE8);
            writer.Write((byte)entry.Kind);
        }
    }

    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(Count == 0);
        int count = reader.ReadCount(Capacity);
        for (int i = 0; i < count; i++)
        {
            ClientKey id = reader.ReadStruct<ClientKey>();
            long amount = reader.ReadInt64();
            Remember(id, (TransferKind)reader.ReadByte(), amount);
        }
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Count);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Entry entry = ref At(i);
            hasher.Add(entry.Id.High);
            hasher.Add(entry.Id.Low);
            hasher.Add(entry.AmountE8);
        }
    }

    /// <summary>Oldest first.</summary>
    private ref Entry At(int index) => ref _entries[Count < Capacity ? index : (_next + index) % Capacity];

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ClientKey Id;
        public long AmountE8;
        public TransferKind Kind;
    }
}

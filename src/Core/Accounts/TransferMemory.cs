using System.Runtime.InteropServices;
using Exchange.Core.Orders;

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

    /// <summary>Oldest first.</summary>
    public Entry At(int index) => _entries[Count < Capacity ? index : (_next + index) % Capacity];

    public void Clear()
    {
        Count = 0;
        _next = 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Entry
    {
        public ClientKey Id;
        public long AmountE8;
        public TransferKind Kind;
    }
}

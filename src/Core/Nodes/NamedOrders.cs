using Exchange.Core.Books;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <summary>Accepted orders with the text of their client ids, by account, until it has made their acceptance durable.</summary>
/// <remarks>A book's orders know a key of the text only. An account that dies before it wrote is told both by the book when it comes up again.</remarks>
internal sealed class NamedOrders
{
    private readonly Dictionary<uint, Queue<NamedOrder>> _accounts = [];
    private readonly Stack<Queue<NamedOrder>> _free = [];

    public void Add(uint account, in NamedOrder order)
    {
        if (!_accounts.TryGetValue(account, out Queue<NamedOrder>? orders))
            _accounts.Add(account, orders = _free.TryPop(out Queue<NamedOrder>? free) ? free : new Queue<NamedOrder>());
        orders.Enqueue(order);
    }

    /// <summary>The account has made its events up to here durable.</summary>
    public void Forget(uint account, ulong number)
    {
        if (!_accounts.TryGetValue(account, out Queue<NamedOrder>? orders))
            return;
        while (orders.TryPeek(out NamedOrder oldest) && oldest.Number <= number)
            orders.Dequeue();
        if (orders.Count != 0)
            return;
        _accounts.Remove(account);
        _free.Push(orders);
    }

    public NamedOrder[] Of(uint account) => _accounts.TryGetValue(account, out Queue<NamedOrder>? orders) ? [.. orders] : [];

    /// <summary>Nothing if there are none: so were they written before there was this.</summary>
    /// <param name="accounts">All that the book knows.</param>
    public void Write(SnapshotWriter writer, List<uint> accounts)
    {
        foreach (uint account in accounts)
        {
            NamedOrder[] orders = Of(account);
            if (orders.Length == 0)
                continue;
            writer.Write(account);
            writer.WriteStructs<NamedOrder>(orders);
        }
    }

    public void Read(SnapshotReader reader)
    {
        while (!reader.IsAtEnd)
        {
            uint account = reader.ReadUInt32();
            foreach (NamedOrder order in reader.ReadStructs<NamedOrder>(Limits.OutboxPerAccount))
                Add(account, in order);
        }
    }
}

using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Embedded.Views;

/// <summary>A symbol's latest public trades; at the limit the oldest gives way.</summary>
internal sealed class TradeRing(int limit)
{
    /// <summary>40 bytes without gaps, so that snapshots of the same trades are the same bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StoredTrade
    {
        public ulong Id;
        public long PriceTicks;
        public long Lots;
        public long TimeMs;
        public int TakerSide;
        public int IsLiquidation;
    }

    private StoredTrade[] _trades = new StoredTrade[Math.Min(16, limit)];
    private int _oldest;
    private int _count;

    /// <summary>Adds a trade; its id is above all others.</summary>
    public void Add(in TradeView trade) => Add(new StoredTrade
    {
        Id = trade.TradeId,
        PriceTicks = trade.PriceTicks,
        Lots = trade.Lots,
        TimeMs = trade.TimeMs,
        TakerSide = (int)trade.TakerSide,
        IsLiquidation = trade.IsLiquidation ? 1 : 0,
    });

    /// <summary>Trades with ids below <paramref name="before"/> (0: from the newest), newest first.</summary>
    public Page<TradeView> Read(ulong before, int limit)
    {
        int end = before == 0 ? _count : LowerBound(before);
        int length = Math.Min(limit, end);
        if (length == 0)
            return new Page<TradeView>([], 0);
        var trades = new TradeView[length];
        for (int i = 0; i < length; i++)
        {
            ref readonly StoredTrade trade = ref At(end - 1 - i);
            trades[i] = new TradeView(
                trade.Id, trade.PriceTicks, trade.Lots, (Side)trade.TakerSide, trade.IsLiquidation != 0, trade.TimeMs);
        }

        return new Page<TradeView>(trades, length < end ? trades[^1].TradeId : 0);
    }

    public void Write(SnapshotWriter writer)
    {
        writer.Write(_count);
        for (int i = 0; i < _count; i++)
            writer.WriteStruct(in At(i));
    }

    /// <summary>Restores into a fresh ring; of more than its limit it keeps the newest.</summary>
    public void Read(SnapshotReader reader)
    {
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
            Add(reader.ReadStruct<StoredTrade>());
    }

    private void Add(in StoredTrade trade)
    {
        Invariant.Holds(_count == 0 || trade.Id > At(_count - 1).Id);
        if (_count == _trades.Length && _count < limit)
            Grow();
        if (_count == _trades.Length)
            _oldest = (_oldest + 1) % _trades.Length;
        else
            _count++;
        At(_count - 1) = trade;
    }

    private ref StoredTrade At(int index)
    {
        int at = _oldest + index;
        return ref _trades[at < _trades.Length ? at : at - _trades.Length];
    }

    private int LowerBound(ulong id)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (At(middle).Id < id)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Grow()
    {
        var larger = new StoredTrade[Math.Min(limit, _trades.Length * 2)];
        for (int i = 0; i < _count; i++)
            larger[i] = At(i);
        _trades = larger;
        _oldest = 0;
    }
}

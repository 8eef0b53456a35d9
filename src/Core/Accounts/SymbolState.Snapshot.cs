using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Accounts;

/// <content>Snapshots and the state hash.</content>
internal sealed partial class SymbolState
{
    /// <summary>Nothing about it differs from a symbol never entered.</summary>
    public bool IsBlank =>
        IsIdle && FlightCount == 0 && LastEvent == 0 && !IsRegistered && RangeNumber == 0
        && Leverage == DefaultLeverage && MarginMode == MarginMode.Cross;

    public void Write(SnapshotWriter writer, bool withOrders)
    {
        writer.Write(Symbol);
        writer.Write(Leverage);
        writer.Write((byte)MarginMode);
        writer.WriteStruct(in Leg0);
        writer.WriteStruct(in Leg1);
        writer.Write(LastEvent);
        writer.Write(IsRegistered);
        if (!withOrders)
            return;
        writer.Write(Epoch);
        writer.Write(Batch);
        writer.Write(Queued);

        // The bounds are kept as they are: a replica must register the same ranges.
        writer.Write(HighestBuyTicks);
        writer.Write(LowestSellTicks);
        writer.Write(RangeLowTicks);
        writer.Write(RangeHighTicks);
        writer.Write(RangeNumber);
        writer.Write(IsRangeChanged);
        writer.WriteStructs<InFlight>(Flights.AsSpan(0, FlightCount));
        Orders.Write(writer);
    }

    /// <summary>Reads all but the symbol id, which chose this object.</summary>
    public void Read(SnapshotReader reader, bool withOrders)
    {
        Leverage = reader.ReadInt32();
        MarginMode = (MarginMode)reader.ReadByte();
        Leg0 = reader.ReadStruct<PositionLeg>();
        Leg1 = reader.ReadStruct<PositionLeg>();
        LastEvent = reader.ReadUInt64();
        IsRegistered = reader.ReadBool();
        MarkDirty();
        if (!withOrders)
            return;
        Epoch = reader.ReadUInt32();
        Batch = reader.ReadUInt32();
        Queued = reader.ReadInt32();
        long highestBuy = reader.ReadInt64();
        long lowestSell = reader.ReadInt64();
        RangeLowTicks = reader.ReadInt64();
        RangeHighTicks = reader.ReadInt64();
        RangeNumber = reader.ReadUInt64();
        IsRangeChanged = reader.ReadBool();
        InFlight[] flights = reader.ReadStructs<InFlight>(int.MaxValue);
        FlightCount = flights.Length;
        if (FlightCount != 0)
            Flights = flights;
        Orders.Read(reader);
        CountAll();
        HighestBuyTicks = highestBuy;
        LowestSellTicks = lowestSell;
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Symbol);
        hasher.Add(Leverage);
        hasher.Add((int)MarginMode);
        hasher.Add(Leg0.Lots);
        hasher.Add(Leg0.CostE8);
        hasher.Add(Leg0.IsolatedE8);
        hasher.Add(Leg1.Lots);
        hasher.Add(Leg1.CostE8);
        hasher.Add(Leg1.IsolatedE8);
        hasher.Add(LastEvent);
        hasher.Add(Batch);
        hasher.Add(BuysE8);
        hasher.Add(SellsE8);
        hasher.Add(RangeLowTicks);
        hasher.Add(RangeHighTicks);
        hasher.Add(FlightCount);
        hasher.Add(Orders.Count);
        hasher.Add(Orders.Hash());
    }

    /// <summary>Puts every order and flight into sums that are empty.</summary>
    private void CountAll()
    {
        for (int i = 0; i < Orders.Count; i++)
            AddCounted(in Orders[i]);
        PlacesInFlight = 0;
        for (int i = 0; i < FlightCount; i++)
        {
            ref readonly InFlight flight = ref Flights[i];
            if (flight is not { IsPlace: true, IsAccepted: false })
                continue;
            AddCounted(in flight.Order);
            PlacesInFlight++;
        }
    }
}

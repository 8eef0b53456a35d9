using Exchange.Core.Wire;

namespace Exchange.Core.Views;

// The views as of one input, so that a restart keeps what readers were shown.
public sealed partial class VenueViews
{
    private static readonly uint Tag = SnapshotTag.Of("VIEW");
    private static readonly uint OrdersTag = SnapshotTag.Of("ORDS");
    private static readonly uint FillsTag = SnapshotTag.Of("FILS");
    private static readonly uint LedgerTag = SnapshotTag.Of("LEDG");

    /// <summary>Writes everything as of the last input; on the writer's thread, readers go on.</summary>
    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_sequence);
        writer.Write(_timeMs);
        writer.Write(FundE8);
        writer.Write(_histories.LastFill);
        writer.Write(_markets.Length);
        foreach (SymbolMarket market in _markets)
            market.Write(writer);

        writer.BeginSection(OrdersTag);
        writer.Write(_histories.Orders.RetiredCount);
        for (int row = _histories.Orders.Oldest; row >= 0; row = _histories.Orders.NewerThan(row))
            writer.WriteStruct(in _histories.Orders[row]);
        WriteOpenOrders(writer);
        writer.EndSection();

        writer.BeginSection(FillsTag);
        writer.Write(_histories.Fills.RetiredCount);
        for (int row = _histories.Fills.Oldest; row >= 0; row = _histories.Fills.NewerThan(row))
            writer.WriteStruct(in _histories.Fills[row]);
        writer.EndSection();
        WriteLedger(writer);
        writer.EndSection();
    }

    /// <summary>Restores into fresh views; of more history than their limits it keeps the newest.</summary>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(_sequence == 0);
        reader.BeginSection(Tag);
        ulong sequence = reader.ReadUInt64();
        _timeMs = reader.ReadInt64();
        _second = _timeMs / 1_000;
        FundE8 = reader.ReadInt64();
        _histories.LastFill = reader.ReadUInt64();
        var markets = new SymbolMarket[reader.ReadCount(int.MaxValue)];
        for (int symbol = 0; symbol < markets.Length; symbol++)
            markets[symbol] = SymbolMarket.Read(reader, symbol, _limits);
        Volatile.Write(ref _markets, markets);

        try
        {
            reader.BeginSection(OrdersTag);
            ReadOrders(reader);
            reader.EndSection();
            reader.BeginSection(FillsTag);
            for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            {
                StoredFill fill = reader.ReadStruct<StoredFill>();
                HoldAccount(fill.Account).Add(in fill);
            }

            reader.EndSection();
            ReadLedger(reader);
        }
        finally
        {
            Release();
        }

        reader.EndSection();
        DropBeyondLimits();
        NoteCut();
        Volatile.Write(ref _sequence, sequence);
    }

    private void WriteLedger(SnapshotWriter writer)
    {
        writer.BeginSection(LedgerTag);
        writer.Write(_histories.LedgerBeginsMs);
        writer.Write(_histories.Movements.RetiredCount);
        for (int row = _histories.Movements.Oldest; row >= 0; row = _histories.Movements.NewerThan(row))
            writer.WriteStruct(in _histories.Movements[row]);
        WriteNumbers(writer);
        writer.EndSection();
    }

    /// <summary>Where accounts' movements go on counting of which none is kept; nothing where there are none.</summary>
    private void WriteNumbers(SnapshotWriter writer)
    {
        AccountHistory[] emptied = [.. _stripes.SelectMany(stripe => stripe.Histories)
            .Where(history => history is { LastMovement: > 0, Movements.Count: 0 }).OrderBy(history => history.Account)];
        if (emptied.Length == 0)
            return;
        writer.Write(emptied.Length);
        foreach (AccountHistory history in emptied)
        {
            writer.Write(history.Account);
            writer.Write(history.LastMovement);
        }
    }

    private void ReadLedger(SnapshotReader reader)
    {
        if (reader.IsAtEnd)
        {
            _histories.LedgerBeginsMs = _timeMs;   // Of before there was a ledger.
            return;
        }

        reader.BeginSection(LedgerTag);
        _histories.LedgerBeginsMs = reader.ReadInt64();
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            StoredMovement movement = reader.ReadStruct<StoredMovement>();
            HoldAccount(movement.Account).Add(in movement);
        }

        for (int left = reader.IsAtEnd ? 0 : reader.ReadCount(int.MaxValue); left > 0; left--)
        {
            uint account = reader.ReadUInt32();
            HoldAccount(account).GoOnCounting(account, reader.ReadUInt64());
        }

        reader.EndSection();
    }

    /// <summary>What the rows restored may lack: where there were as many as are kept, older ones may have been dropped.</summary>
    private void NoteCut()
    {
        bool areFillsCut = (ulong)_histories.Fills.RetiredCount < _histories.LastFill;
        bool areOrdersCut = _histories.Orders.RetiredCount >= _limits.EndedOrders;
        _histories.RestoredCut = new HistoryCut(areOrdersCut ? ulong.MaxValue : 0, areFillsCut, _histories.LedgerBeginsMs > 0);
        bool isCut = _histories.RestoredCut != default;
        foreach (AccountHistory history in _stripes.SelectMany(stripe => stripe.Histories))
        {
            if (history.EndedOrders.Count >= _limits.EndedOrdersPerAccount)
                history.Cut.OrdersThrough = ulong.MaxValue;
            history.Cut.Movements |= (ulong)history.Movements.Count < history.LastMovement;
            isCut |= history.Cut != default;
        }

        if (isCut)
            _histories.DroppedMs = _timeMs;
    }

    /// <summary>By account, then by id: the same views are the same bytes.</summary>
    private void WriteOpenOrders(SnapshotWriter writer)
    {
        var open = new List<(uint Account, RowIndex Orders)>();
        int total = 0;
        foreach (AccountViews stripe in _stripes)
        {
            foreach (AccountHistory history in stripe.Histories)
            {
                if (history.OpenOrders.Count == 0)
                    continue;
                open.Add((history.Account, history.OpenOrders));
                total += history.OpenOrders.Count;
            }
        }

        open.Sort(static (a, b) => a.Account.CompareTo(b.Account));
        writer.Write(total);
        foreach ((_, RowIndex orders) in open)
        {
            int at = orders.Start(0);
            while (orders.MoveToOlder(ref at, -1, out RowKey key))
                writer.WriteStruct(in _histories.Orders[key.Row]);
        }
    }

    /// <summary>Orders come as they ended, then the open ones; indexes want them by id.</summary>
    private void ReadOrders(SnapshotReader reader)
    {
        int ended = reader.ReadCount(int.MaxValue);
        var rows = new List<int>();
        for (int left = ended; left > 0; left--)
            rows.Add(_histories.Orders.Add(reader.ReadStruct<StoredOrder>()));
        for (int left = reader.ReadCount(int.MaxValue); left > 0; left--)
            rows.Add(_histories.Orders.Add(reader.ReadStruct<StoredOrder>()));

        int[] byId = [.. rows];
        Array.Sort(byId, (a, b) => _histories.Orders[a].OrderId.CompareTo(_histories.Orders[b].OrderId));
        foreach (int row in byId)
            HoldAccount(_histories.Orders[row].Account).Index(_histories.Orders[row].OrderId, row);
        for (int i = 0; i < ended; i++)
            HoldAccount(_histories.Orders[rows[i]].Account).Retire(rows[i]);
    }
}

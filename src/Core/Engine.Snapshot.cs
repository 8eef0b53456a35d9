using System.Runtime.InteropServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Wire;

namespace Exchange.Core;

// The state of all machines in one canonical order; restoring it and replaying give the same engine.
public sealed partial class Engine
{
    private static readonly uint EngineTag = SnapshotTag.Of("ENGN");
    private static readonly uint SymbolTag = SnapshotTag.Of("SYMB");
    private static readonly uint AccountTag = SnapshotTag.Of("ACCS");

    /// <summary>Writes everything, between two inputs.</summary>
    public void Snapshot(SnapshotWriter writer)
    {
        writer.BeginSection(EngineTag);
        writer.Write(_timeMs);
        writer.Write(_nextOrderId);
        writer.Write(_reportNumber);
        writer.Write(_sampledSecond);
        writer.Write(_indexedCount);
        writer.Write(_timersFiredMs);
        writer.Write(OutputHash);
        writer.WriteStructs<uint>(_watches.ToArray());
        writer.Write(_books.Count);
        SnapshotPass(writer);
        writer.EndSection();

        Span<byte> encoded = new byte[Instrument.MaxEncodedBytes];
        for (int symbol = 0; symbol < _books.Count; symbol++)
        {
            writer.BeginSection(SymbolTag);
            MarketTable.Entry entry = _market[symbol];
            writer.WriteStructs<byte>(encoded[..entry.Instrument.Encode(encoded)]);
            writer.Write(entry.MarkTicks);
            writer.WriteStruct(in entry.Gap);
            writer.Write((byte)entry.State);
            writer.Write(entry.IsStale);
            writer.Write(_remaindersE8[symbol]);
            _books[symbol].Snapshot(writer);
            _marks[symbol].Write(writer);
            writer.EndSection();
        }

        SnapshotAccounts(writer);
        _clearing.Write(writer);
    }

    /// <summary>An open pass, and what waits for it; without one nothing, as in snapshots of the time when no pass was ever open.</summary>
    private void SnapshotPass(SnapshotWriter writer)
    {
        if (!HasOpenPass)
            return;
        writer.Write((byte)_pass);
        writer.Write(_passNext);
        writer.Write(_passSymbol);
        writer.WriteStructs<int>(CollectionsMarshal.AsSpan(_slicedRankings));
        writer.Write(_rankedAccounts);
        writer.Write(_samplesNext);
        writer.Write(_areSamplesDue);
        writer.Write(_roundWaiting);
        writer.WriteStructs<int>(MetBooks());
    }

    /// <summary>Books write no met order that was canceled since; neither is it counted here.</summary>
    private int[] MetBooks()
    {
        var waiting = new List<int>();
        var places = new int[_books.Count];
        foreach (int symbol in _metBooks.ToArray())
        {
            if (_books[symbol].IsQueued(places[symbol]++))
                waiting.Add(symbol);
        }

        return [.. waiting];
    }

    private void RestorePass(SnapshotReader reader, out int[] metBooks)
    {
        metBooks = [];
        if (reader.IsAtEnd)
            return;
        _pass = (PassStage)reader.ReadByte();
        _passNext = reader.ReadUInt32();
        _passSymbol = reader.ReadInt32();
        _slicedRankings.AddRange(reader.ReadStructs<int>(int.MaxValue));
        _rankedAccounts = reader.ReadInt32();
        _samplesNext = reader.ReadInt32();
        _areSamplesDue = reader.ReadBool();
        _roundWaiting = reader.ReadInt32();
        metBooks = reader.ReadStructs<int>(int.MaxValue);
    }

    private void SnapshotAccounts(SnapshotWriter writer)
    {
        writer.BeginSection(AccountTag);
        int count = 0;
        foreach (MarginAccount? account in _accounts)
            count += account is null ? 0 : 1;
        writer.Write(count);
        foreach (MarginAccount? account in _accounts)
        {
            if (account is null)
                continue;
            writer.Write(account.Id);
            account.Write(writer);
        }

        writer.EndSection();
    }

    /// <summary>Takes the state of a snapshot; this engine must be new.</summary>
    /// <exception cref="SnapshotException">The bytes are not a snapshot of this version.</exception>
    public void Restore(SnapshotReader reader)
    {
        Invariant.Holds(_books.Count == 0);
        reader.BeginSection(EngineTag);
        _timeMs = reader.ReadInt64();
        _nextOrderId = reader.ReadUInt64();
        _reportNumber = reader.ReadUInt64();
        _sampledSecond = reader.ReadInt64();
        _indexedCount = reader.ReadInt32();
        _timersFiredMs = reader.ReadInt64();
        OutputHash = reader.ReadUInt64();
        uint[] watched = reader.ReadStructs<uint>(int.MaxValue);
        int symbols = reader.ReadCount(int.MaxValue);
        RestorePass(reader, out int[] metBooks);
        reader.EndSection();
        for (int symbol = 0; symbol < symbols; symbol++)
            RestoreSymbol(reader);
        RestoreQueue(metBooks);
        RestoreAccounts(reader);
        _clearing.Read(reader);
        foreach (uint account in watched)
            _watches.Note(account);
        CheckInvariants();
    }

    /// <summary>Books have told which of them have met orders, one after the other; these were met in another order.</summary>
    private void RestoreQueue(int[] metBooks)
    {
        Invariant.Holds(_pass <= PassStage.Closing && (!HasOpenPass || _market.IsListed(_passSymbol)));
        Invariant.Holds(_pass != PassStage.Ranking || _slicedRankings.Count != 0);
        Invariant.Holds(_rankedAccounts >= 0 && _samplesNext >= 0 && _roundWaiting < _books.Count);
        foreach (int ranking in _slicedRankings)
            Invariant.Holds(ranking >= 0 && _market.IsListed(ranking / 2));
        Invariant.Holds(metBooks.Length == _metBooks.Count);
        _metBooks.Clear();
        foreach (int symbol in metBooks)
        {
            Invariant.Holds(_market.IsListed(symbol));
            _metBooks.Enqueue(symbol);
        }
    }

    private void RestoreSymbol(SnapshotReader reader)
    {
        reader.BeginSection(SymbolTag);
        InstrumentError error = Instrument.Decode(reader.ReadStructs<byte>(Instrument.MaxEncodedBytes), out Instrument? instrument, out _);
        if (error != InstrumentError.None || instrument is null)
            throw new SnapshotException($"An instrument of the snapshot is refused: {error}.");
        int symbol = _market.Add(instrument);
        ref MarketTable.Entry entry = ref _market[symbol];
        entry.MarkTicks = reader.ReadInt64();
        entry.Gap = reader.ReadStruct<MarkGap>();
        entry.State = (Orders.TradingState)reader.ReadByte();
        entry.IsStale = reader.ReadBool();
        _remaindersE8.Add(reader.ReadInt64());
        var book = new OrderBook(instrument, this);
        _books.Add(book);
        _movesSeen.Add(NotRanked);
        book.Restore(reader);
        var mark = new Mark(instrument) { IsWakingLater = true };
        mark.Read(reader);
        _marks.Add(mark);
        reader.EndSection();
    }

    private void RestoreAccounts(SnapshotReader reader)
    {
        reader.BeginSection(AccountTag);
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            uint id = reader.ReadUInt32();
            Invariant.Holds(id is > 0 and <= EngineLimits.MaxAccountId);
            if (id >= _accounts.Length)
                Array.Resize(ref _accounts, (int)Math.Min(EngineLimits.MaxAccountId + 1, Math.Max(id + 1, _accounts.Length * 2L)));
            var account = new MarginAccount(id, _flights);
            account.Read(reader);
            _accounts[id] = account;
            _watches.Reserve(id);
        }

        reader.EndSection();
    }

    /// <summary>Hash of the whole state: equal states of any two hosts have equal hashes.</summary>
    public UInt128 StateHash()
    {
        var writer = new SnapshotWriter();
        Snapshot(writer);
        var hasher = StateHasher.Create();
        hasher.Add(writer.Written.Span);
        return hasher.Value128;
    }
}

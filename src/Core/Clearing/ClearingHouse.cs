using System.Runtime.InteropServices;
using Exchange.Core.Accounts;
using Exchange.Core.Marks;
using Exchange.Core.Wire;

namespace Exchange.Core.Clearing;

/// <summary>The insurance fund, the fee account, and what came in and went out: one for each settlement asset.</summary>
/// <remarks>
/// Money in 1e-8 USDT; sums over all accounts are 128 bits. Accounts and books report cumulative totals with a number that counts up, so repeats and overtaken reports
/// are harmless. The fund is lent to a liquidation by <see cref="Reserve"/> and comes back by <see cref="Settle"/>; both are done
/// once, however often they arrive. Rules: docs/protocol.md 6 and 8, docs/rules/liquidation.md.
/// </remarks>
public sealed class ClearingHouse
{
    private static readonly uint Tag = SnapshotTag.Of("CLRG");
    private readonly AccountSlots _slots = new(64);
    private Entry[] _entries = new Entry[64];
    private int _count;
    private BookEntry[] _books = new BookEntry[8];
    private long _grantedE8;

    /// <summary>The insurance fund less what is granted; never below zero.</summary>
    public long FundE8 { get; private set; }

    /// <summary>Grants that no settlement has freed.</summary>
    public long GrantedE8 => _grantedE8;

    public Int128 FeesE8 { get; private set; }

    public Int128 DepositsE8 { get; private set; }

    public Int128 WithdrawalsE8 { get; private set; }

    /// <summary>What the fund was started with.</summary>
    public long SeedE8 { get; private set; }

    /// <summary>Puts money into the fund from outside.</summary>
    public void Seed(long amountE8)
    {
        Invariant.Holds(amountE8 > 0);
        SeedE8 += amountE8;
        FundE8 += amountE8;
    }

    /// <summary>An account's cumulative totals; only a higher number than the last counts.</summary>
    public void Report(uint account, ulong number, in AccountTotals totals)
    {
        ref Entry entry = ref EntryOf(account);
        if (number <= entry.ReportNumber)
            return;
        entry.ReportNumber = number;
        FeesE8 += totals.FeesE8 - entry.Totals.FeesE8;
        DepositsE8 += totals.DepositsE8 - entry.Totals.DepositsE8;
        WithdrawalsE8 += totals.WithdrawalsE8 - entry.Totals.WithdrawalsE8;
        entry.Totals = totals;
    }

    /// <summary>Asks for where an account is to be found that will report sometime.</summary>
    internal void PrefetchPlace(uint account) => _slots.Prefetch(account);

    /// <summary>Asks for the memory of an account that will report soon.</summary>
    public void Prefetch(uint account)
    {
        int slot = _slots.Find(account);
        if (slot != AccountSlots.None)
            CacheLine.FetchElements(_entries, slot);
    }

    /// <summary>A book's cumulative funding remainders; only a higher number than the last counts.</summary>
    public void ReportRemainders(int symbol, ulong number, long remaindersE8)
    {
        if (symbol >= _books.Length)
            Array.Resize(ref _books, Math.Max(symbol + 1, _books.Length * 2));
        ref BookEntry book = ref _books[symbol];
        if (number <= book.ReportNumber)
            return;
        FundE8 += remaindersE8 - book.RemaindersE8;
        book = new BookEntry { ReportNumber = number, RemaindersE8 = remaindersE8 };
        Invariant.Holds(FundE8 >= 0);
    }

    /// <summary>Lends a liquidation step up to <paramref name="mostE8"/>; a repeat gets the first answer, a settled step nothing.</summary>
    public long Reserve(uint account, ulong liquidation, uint step, long mostE8)
    {
        Invariant.Holds(mostE8 >= 0);
        ref Entry entry = ref EntryOf(account);
        if (IsAtMost(liquidation, step, entry.SettledLiquidation, entry.SettledStep))
            return 0;
        if (entry.GrantLiquidation == liquidation && entry.GrantStep == step)
            return entry.GrantE8;
        if (entry.GrantLiquidation != 0)
            return 0; // A step is asked for only after the one before was settled; a stale one gets nothing.

        long grantE8 = Math.Min(mostE8, FundE8);
        entry.GrantLiquidation = liquidation;
        entry.GrantStep = step;
        entry.GrantE8 = grantE8;
        FundE8 -= grantE8;
        _grantedE8 += grantE8;
        return grantE8;
    }

    /// <summary>A book's cumulative funding remainders as last reported, 1e-8.</summary>
    public long RemaindersE8Of(int symbol) => symbol < _books.Length ? _books[symbol].RemaindersE8 : 0;

    /// <summary>Whether a step is settled.</summary>
    public bool HasSettled(uint account, ulong liquidation, uint step)
    {
        int slot = _slots.Find(account);
        return slot != AccountSlots.None && IsAtMost(liquidation, step, _entries[slot].SettledLiquidation, _entries[slot].SettledStep);
    }

    /// <summary>Whether a settlement can be: it is done already, or it spent no more than the grant and the fees earned with it.</summary>
    public bool MaySettle(uint account, ulong liquidation, uint step, long spentE8, long earnedE8)
    {
        int slot = _slots.Find(account);
        if (slot == AccountSlots.None)
            return spentE8 <= earnedE8;
        ref readonly Entry entry = ref _entries[slot];
        if (IsAtMost(liquidation, step, entry.SettledLiquidation, entry.SettledStep))
            return true;
        bool isGranted = entry.GrantLiquidation == liquidation && entry.GrantStep == step;
        return spentE8 <= (isGranted ? entry.GrantE8 : 0) + earnedE8;
    }

    /// <summary>A step is over: what it did not spend, and what it earned, is the fund's.</summary>
    /// <returns>False for a repeat: nothing was done.</returns>
    public bool Settle(uint account, ulong liquidation, uint step, long spentE8, long earnedE8)
    {
        ref Entry entry = ref EntryOf(account);
        if (IsAtMost(liquidation, step, entry.SettledLiquidation, entry.SettledStep))
            return false;
        entry.SettledLiquidation = liquidation;
        entry.SettledStep = step;
        long grantE8 = 0;
        if (entry.GrantLiquidation == liquidation && entry.GrantStep == step)
        {
            grantE8 = entry.GrantE8;
            entry.GrantLiquidation = 0;
            entry.GrantStep = 0;
            entry.GrantE8 = 0;
            _grantedE8 -= grantE8;
        }

        // Spent is at most the grant and the fees earned in the same close.
        Invariant.Holds(spentE8 <= grantE8 + earnedE8);
        FundE8 += grantE8 - spentE8 + earnedE8;
        return true;
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(FundE8);
        writer.Write(FeesE8);
        writer.Write(DepositsE8);
        writer.Write(WithdrawalsE8);
        writer.Write(SeedE8);
        writer.Write(_grantedE8);
        writer.WriteStructs<BookEntry>(_books);
        Entry[] entries = _entries[.._count];
        Array.Sort(entries, static (a, b) => a.Account.CompareTo(b.Account));
        writer.WriteStructs<Entry>(entries);
        writer.EndSection();
    }

    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(_count == 0);
        reader.BeginSection(Tag);
        FundE8 = reader.ReadInt64();
        FeesE8 = reader.ReadInt128();
        DepositsE8 = reader.ReadInt128();
        WithdrawalsE8 = reader.ReadInt128();
        SeedE8 = reader.ReadInt64();
        _grantedE8 = reader.ReadInt64();
        _books = reader.ReadStructs<BookEntry>(int.MaxValue);
        foreach (Entry entry in reader.ReadStructs<Entry>(int.MaxValue))
            EntryOf(entry.Account) = entry;
        reader.EndSection();
    }

    private static bool IsAtMost(ulong liquidation, uint step, ulong otherLiquidation, uint otherStep) =>
        liquidation < otherLiquidation || (liquidation == otherLiquidation && step <= otherStep);

    private ref Entry EntryOf(uint account)
    {
        int slot = _slots.Find(account);
        if (slot != AccountSlots.None)
            return ref _entries[slot];
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        slot = _count++;
        _slots.Add(account, slot);
        _entries[slot] = new Entry { Account = account };
        return ref _entries[slot];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public AccountTotals Totals;
        public ulong ReportNumber;
        public ulong SettledLiquidation;
        public ulong GrantLiquidation;
        public long GrantE8;
        public uint Account;
        public uint SettledStep;
        public uint GrantStep;
        private readonly uint _padding;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct BookEntry
    {
        public ulong ReportNumber;
        public long RemaindersE8;
    }
}

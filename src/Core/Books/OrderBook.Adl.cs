using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Auto-deleveraging (docs/rules/liquidation.md 7.4): what neither book nor fund took goes to the best-ranked winners.
public sealed partial class OrderBook
{
    private const long MostE15 = 1_000_000_000_000_000;
    private Candidate[] _candidates = new Candidate[16];
    private int _candidateCount;

    private struct Candidate
    {
        public Int128 Score;
        public int Slot;
        public uint Account;
        public int Leg;
    }

    private void Deleverage(ref Taker taker, long priceTicks)
    {
        _hooks?.RefreshAllEquities(this);
        RankOpposite(taker.Side);
        for (int i = 0; taker.Leaves > 0; i++)
        {
            Invariant.Holds(i < _candidateCount); // Positions sum to zero, so the opposite side always suffices.
            TakeOver(ref taker, in _candidates[i], priceTicks);
            if (_candidates[i].Slot != taker.AccountSlot && taker.Leaves > 0)
                RescoreOwnLeg(taker.AccountSlot, i + 1);
        }
    }

    private void TakeOver(ref Taker taker, in Candidate candidate, long priceTicks)
    {
        ref BookAccount account = ref _accounts[taker.AccountSlot];
        ref BookAccount other = ref _accounts[candidate.Slot];
        EndAll(candidate.Slot, EndReason.Adl);
        if (_fundingIsOpen)
        {
            SettleFunding(ref account);
            SettleFunding(ref other);
        }

        long lots = Math.Min(taker.Leaves, Math.Abs(other.Lots(candidate.Leg)));
        long lotPriceE8 = priceTicks * _unitE8;
        PositionSide otherSide = SideOf(in other, candidate.Leg);
        Move(ref account, taker.PositionSide.Leg(), taker.Side, lots, lotPriceE8);
        Move(ref other, candidate.Leg, taker.Side.Opposite(), lots, lotPriceE8);
        taker.Leaves -= lots;
        EmitAdl(ref account, taker.Side, taker.PositionSide, BookEventFlags.Liquidation, priceTicks, lots, other.Account);
        EmitAdl(ref other, taker.Side.Opposite(), otherSide, BookEventFlags.None, priceTicks, lots, account.Account);
        if (account.RestingReducing != 0) // Canceled before, as a rule; the other side's were just now.
            TrimReducing(ref account, taker.PositionSide.Leg());
    }

    private void EmitAdl(
        ref BookAccount account, Side side, PositionSide positionSide, BookEventFlags flags, long priceTicks, long lots, uint other)
    {
        ref BookEvent e = ref Emit(ref account, BookEventKind.Adl);
        e.OrderId = 0;
        e.Flags = flags | (side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None);
        e.PositionSide = positionSide;
        e.PriceTicks = priceTicks;
        e.Lots = lots;
        e.LeavesLots = 0;
        e.OtherId = other;
    }

    /// <summary>Whether a leg is a hedge leg is known to the account alone; here leg 1 and a hedge account's leg 0 differ by flag.</summary>
    private static PositionSide SideOf(in BookAccount account, int leg) =>
        leg == 1 ? PositionSide.Short : account.IsHedge ? PositionSide.Long : PositionSide.Both;

    /// <summary>All positions opposite to what the taker closes, highest score first; ties by account, then side.</summary>
    private void RankOpposite(Side closing)
    {
        _candidateCount = 0;
        for (int slot = 0; slot < _accounts.Count; slot++)
        {
            for (int leg = 0; leg < 2; leg++)
            {
                long held = _accounts[slot].Lots(leg);
                if (closing == Side.Sell ? held >= 0 : held <= 0)
                    continue;
                if (_candidateCount == _candidates.Length)
                    Array.Resize(ref _candidates, _candidateCount * 2);
                _candidates[_candidateCount++] = Score(slot, leg);
            }
        }

        _candidates.AsSpan(0, _candidateCount).Sort(static (a, b) => Compare(in a, in b));
    }

    private static int Compare(in Candidate a, in Candidate b)
    {
        int byScore = b.Score.CompareTo(a.Score);
        if (byScore != 0)
            return byScore;
        int byAccount = a.Account.CompareTo(b.Account);
        return byAccount != 0 ? byAccount : a.Leg.CompareTo(b.Leg);
    }

    private Candidate Score(int slot, int leg)
    {
        ref readonly BookAccount account = ref _accounts[slot];
        return new Candidate
        {
            Score = AdlScore(account.Lots(leg), account.CostE8(leg), account.EquityE8(leg)),
            Slot = slot,
            Account = account.Account,
            Leg = leg,
        };
    }

    /// <summary>Profit in percent times leverage for winners, divided by it for losers (source: docs/rules/liquidation.md 7.4).</summary>
    private Int128 AdlScore(long lots, long costE8, long equityE8)
    {
        Int128 notionalE8 = (Int128)_markTicks * Math.Abs(lots) * _unitE8;
        Int128 unrealisedE8 = lots > 0 ? notionalE8 - costE8 : costE8 - notionalE8;
        Int128 percent = Int128.Min(MostE15, Rounding.FloorDiv128(Int128.Abs(unrealisedE8) * Rounding.OneE8, Math.Max(1, costE8)));
        Int128 leverage = Int128.Clamp(Rounding.FloorDiv128(notionalE8 * 10_000, Math.Max(1, equityE8)), 1, MostE15);
        return unrealisedE8 > 0 ? percent * leverage : -Rounding.FloorDiv128(percent * MostE15, leverage);
    }

    /// <summary>The liquidated account's own other leg is the one candidate whose place a takeover can change.</summary>
    private void RescoreOwnLeg(int accountSlot, int from)
    {
        for (int i = from; i < _candidateCount; i++)
        {
            if (_candidates[i].Slot != accountSlot)
                continue;
            _hooks?.RefreshEquity(this, _accounts[accountSlot].Account);
            _candidates[i] = Score(accountSlot, _candidates[i].Leg);
            _candidates.AsSpan(from, _candidateCount - from).Sort(static (a, b) => Compare(in a, in b));
            return;
        }
    }

    /// <summary>Where a position would stand in the queue: 1 (last) to 5 (first fifth); 0: no position.</summary>
    public int AdlQuintile(uint account, int leg)
    {
        int slot = _accounts.Find(account);
        if (slot == BookAccounts.None || _accounts[slot].Lots(leg) == 0)
            return 0;
        RankOpposite(_accounts[slot].Lots(leg) > 0 ? Side.Buy : Side.Sell);
        for (int i = 0; i < _candidateCount; i++)
        {
            if (_candidates[i].Slot == slot && _candidates[i].Leg == leg)
                return 5 - i * 5 / _candidateCount;
        }

        return 0;
    }
}

using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Auto-deleveraging (docs/rules/liquidation.md 7.4): what neither book nor fund took goes to the best-ranked winners.
public sealed partial class OrderBook
{
    private const long MostE15 = 1_000_000_000_000_000;

    /// <summary>Positions that the indicator compares with, at most: beyond, every second, third … slot of the book stands for all.</summary>
    private const int MostCompared = 1_024;

    /// <summary>Candidates of a close that sells: short positions, and of one that buys; by <see cref="Side"/>.</summary>
    private readonly AdlRanking[] _rankings = [new(), new()];

    private void Deleverage(ref Taker taker, long priceTicks)
    {
        if (_hooks is null)
            ForgetRanking(); // Equities are reported at any time.
        else
            _hooks.PrepareRanking(this);
        AdlRanking ranking = _rankings[(int)taker.Side];
        if (!ranking.IsMade)
        {
            BeginRanking(taker.Side);
            RankSome(taker.Side, 0, _accounts.Count);
            EndRanking(taker.Side);
        }

        while (taker.Leaves > 0)
        {
            Invariant.Holds(ranking.Count != 0); // Positions sum to zero, so the opposite side always suffices.
            AdlCandidate best = ranking.Best;
            TakeOver(ref taker, in best, priceTicks);
            Rerank(best.Slot);
            if (best.Slot != taker.AccountSlot && taker.Leaves > 0)
                RerankOwnLeg(taker.AccountSlot, taker.Side);
        }
    }

    /// <summary>Scores are void: marks move, or equities.</summary>
    public void ForgetRanking()
    {
        _rankings[0].Forget();
        _rankings[1].Forget();
    }

    /// <summary>Begins to rank what may be taken over from a close: <see cref="RankSome"/> follows, then <see cref="EndRanking"/>.</summary>
    /// <remarks>For a host that ranks in parts before it is needed; whoever moves meanwhile is told by <see cref="Rerank(uint)"/>.</remarks>
    public void BeginRanking(Side closing) => _rankings[(int)closing].Begin(_accounts.Count);

    /// <summary>Scores some accounts' positions, by slot; nothing if no ranking was begun here.</summary>
    public void RankSome(Side closing, int from, int count)
    {
        AdlRanking ranking = _rankings[(int)closing];
        if (!ranking.IsBegun)
            return;
        for (int slot = from; slot < from + count; slot++)
        {
            for (int leg = 0; leg < 2; leg++)
            {
                if (IsOpposite(closing, _accounts[slot].Lots(leg)))
                    ranking.Set(Score(slot, leg));
            }
        }
    }

    public void EndRanking(Side closing) => _rankings[(int)closing].End();

    /// <summary>An account's positions here, or their pools' equities, have changed since they were ranked.</summary>
    public void Rerank(uint account)
    {
        int slot = _accounts.Find(account);
        if (slot != BookAccounts.None)
            Rerank(slot);
    }

    private void Rerank(int slot)
    {
        foreach (Side closing in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            AdlRanking ranking = _rankings[(int)closing];
            if (!ranking.IsBegun)
                continue;
            for (int leg = 0; leg < 2; leg++)
            {
                if (IsOpposite(closing, _accounts[slot].Lots(leg)))
                    ranking.Set(Score(slot, leg));
                else
                    ranking.Remove((slot * 2) + leg);
            }
        }
    }

    /// <summary>The liquidated account's own other leg is the one candidate whose place a takeover can change.</summary>
    private void RerankOwnLeg(int accountSlot, Side closing)
    {
        ref readonly BookAccount account = ref _accounts[accountSlot];
        if (!IsOpposite(closing, account.Lots0) && !IsOpposite(closing, account.Lots1))
            return;
        _hooks?.RefreshEquity(this, account.Account);
        Rerank(accountSlot);
    }

    private void TakeOver(ref Taker taker, in AdlCandidate candidate, long priceTicks)
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

    private static bool IsOpposite(Side closing, long lots) => closing == Side.Sell ? lots < 0 : lots > 0;

    private AdlCandidate Score(int slot, int leg)
    {
        ref readonly BookAccount account = ref _accounts[slot];
        return new AdlCandidate
        {
            Score = AdlScore(account.Lots(leg), account.CostE8(leg), _hooks?.PoolEquityE8(this, account.Account, leg) ?? account.EquityE8(leg)),
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

    /// <summary>Where a position would stand in the queue: 1 (last) to 5 (first fifth); 0: no position. For reading.</summary>
    public int AdlQuintile(uint account, int leg)
    {
        int own = _accounts.Find(account);
        if (own == BookAccounts.None || _accounts[own].Lots(leg) == 0)
            return 0;
        Side closing = _accounts[own].Lots(leg) > 0 ? Side.Buy : Side.Sell;
        AdlCandidate self = Score(own, leg);
        int count = 1;
        int before = 0;
        int step = 1 + (_accounts.Count / MostCompared);
        for (int slot = 0; slot < _accounts.Count; slot += step)
        {
            for (int other = 0; other < 2; other++)
            {
                if (!IsOpposite(closing, _accounts[slot].Lots(other)) || (slot == own && other == leg))
                    continue;
                count++;
                before += Score(slot, other).IsBefore(in self) ? 1 : 0;
            }
        }

        return 5 - before * 5 / count;
    }
}

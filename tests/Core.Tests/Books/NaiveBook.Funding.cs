using System.Numerics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Funding rounds (docs/rules/funding.md 8.2, docs/protocol.md 7).
internal sealed partial class NaiveBook
{
    private NaiveRound? _round;
    private ulong _lastRound;

    /// <summary>Fixes rate and mark, and who owes: those with a position now.</summary>
    private void StartFunding(BookInput input)
    {
        if (input.Liquidation <= _lastRound)
            return; // A repeat: nothing is paid twice.
        _lastRound = input.Liquidation;
        _round = new NaiveRound(
            input.Liquidation,
            input.Amount,
            input.PriceTicks,
            [.. _accounts.Values.Where(a => a.Lots[0] != 0 || a.Lots[1] != 0).Select(a => a.Id)]);
    }

    private void PayFunding(BookInput input)
    {
        if (_round is null || _round.Id != input.Liquidation)
            return;
        for (uint i = 0; i < input.SliceAccounts && _round.Accounts.TryDequeue(out uint account); i++)
            PayFunding(_accounts[account]);
        if (_round.Accounts.Count > 0)
            return;
        _result.RoundIsDone = true;
        _result.FundingRemainderE8 = (long)_round.RemainderE8;
        _round = null;
    }

    /// <summary>What a member of the round owes or gets, before its position changes or when its turn comes.</summary>
    private void PayFunding(NaiveAccount account)
    {
        if (_round is null || !_round.Unpaid.Remove(account.Id))
            return;
        foreach (int leg in new[] { 0, 1 })
        {
            // Payers round up, receivers down: the fund never pays for the rounding.
            BigInteger pays = Ceiling(Notional(_round.MarkTicks, account.Lots[leg]) * _round.RateE8, One);
            _round.RemainderE8 += pays;
            if (pays.IsZero)
                continue;
            Emit(account.Id, new BookEvent
            {
                Kind = BookEventKind.Funding,
                PositionSide = leg == 1 ? PositionSide.Short : account.HeldAs[leg],
                OrderId = _round.Id,
                PriceTicks = _round.MarkTicks,
                Lots = account.Lots[leg],
                Amount = (long)-pays,
            });
        }
    }
}

/// <summary>A funding round that is being paid.</summary>
internal sealed class NaiveRound(ulong id, long rateE8, long markTicks, List<uint> members)
{
    public ulong Id => id;
    public long RateE8 => rateE8;
    public long MarkTicks => markTicks;

    /// <summary>Members whose turn has not come, by id; some may have settled meanwhile.</summary>
    public Queue<uint> Accounts { get; } = new(members);

    public HashSet<uint> Unpaid { get; } = [.. members];
    public BigInteger RemainderE8 { get; set; }
}

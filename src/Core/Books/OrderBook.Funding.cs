using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Funding (docs/rules/funding.md 8, docs/protocol.md 7): the book knows every position, so it computes what each pays.
public sealed partial class OrderBook
{
    private uint[] _fundingAccounts = [];
    private int _fundingCount;
    private int _fundingNext;
    private bool _fundingIsOpen;
    private int _fundingStamp;
    private ulong _fundingRound;
    private long _fundingMarkTicks;
    private long _fundingRateE8;
    private long _fundingRemainderE8;

    /// <summary>A round's slices are not all paid.</summary>
    public bool IsFundingOpen => _fundingIsOpen;

    /// <summary>What an open round has been paid more than it has paid out, 1e-8; negative: less.</summary>
    public long OpenFundingE8 => _fundingIsOpen ? _fundingRemainderE8 : 0;

    /// <summary>Id of the last round started; rounds are started once.</summary>
    public ulong FundingRoundId => _fundingRound;

    /// <summary>Fixes rate and mark of a round, and who takes part: the positions of now.</summary>
    private void StartFunding(in BookInput input)
    {
        if (input.Liquidation <= _fundingRound)
            return; // A repeat.
        Invariant.Holds(!_fundingIsOpen);
        _fundingRound = input.Liquidation;
        _fundingRateE8 = input.Amount;
        _fundingMarkTicks = input.PriceTicks;
        _fundingRemainderE8 = 0;
        _fundingStamp++;
        _fundingCount = 0;
        _fundingNext = 0;
        for (int slot = 0; slot < _accounts.Count; slot++)
        {
            ref readonly BookAccount account = ref _accounts[slot];
            if (account.Lots0 == 0 && account.Lots1 == 0)
                continue;
            if (_fundingCount == _fundingAccounts.Length)
                Array.Resize(ref _fundingAccounts, Math.Max(64, _fundingCount * 2));
            _fundingAccounts[_fundingCount++] = account.Account;
        }

        _fundingAccounts.AsSpan(0, _fundingCount).Sort();
        _fundingIsOpen = true;
    }

    private void PayFunding(in BookInput input)
    {
        if (!_fundingIsOpen || input.Liquidation != _fundingRound)
            return;
        for (uint paid = 0; paid < input.SliceAccounts && _fundingNext < _fundingCount; paid++)
            SettleFunding(ref _accounts[_accounts.Find(_fundingAccounts[_fundingNext++])]);
        if (_fundingNext < _fundingCount)
            return;

        _fundingIsOpen = false;
        _output.EndFundingRound(_fundingRemainderE8);
    }

    /// <summary>Settles an account once a round: in its slice, or earlier when a fill is about to change its position.</summary>
    private void SettleFunding(ref BookAccount account)
    {
        if (account.FundingStamp == _fundingStamp)
            return;
        account.FundingStamp = _fundingStamp;
        PayLeg(ref account, 0);
        PayLeg(ref account, 1);
    }

    /// <summary>Positive pays, rounded up; negative receives, rounded down: the difference is never against the fund.</summary>
    private void PayLeg(ref BookAccount account, int leg)
    {
        long held = account.Lots(leg);
        if (held == 0)
            return;
        Int128 valueE16 = (Int128)held * _fundingMarkTicks * _unitE8 * _fundingRateE8;
        long payE8 = Rounding.CeilDiv(valueE16, Rounding.OneE8);
        if (payE8 == 0)
            return;
        _fundingRemainderE8 += payE8;
        ref BookEvent e = ref Emit(ref account, BookEventKind.Funding);
        e.OrderId = _fundingRound;
        e.PositionSide = SideOf(in account, leg);
        e.PriceTicks = _fundingMarkTicks;
        e.Lots = held;
        e.LeavesLots = 0;
        e.Amount = -payE8;
    }
}

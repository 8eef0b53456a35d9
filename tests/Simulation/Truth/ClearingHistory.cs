using Exchange.Core.Clearing;
using Exchange.Core.Nodes;

namespace Exchange.Simulation.Truth;

/// <summary>What Clearing's journal says of each account and book, kept beside the machine only to be held against it and against the accounts.</summary>
internal sealed class ClearingHistory : IClearingObserver
{
    private readonly Dictionary<uint, Account> _accounts = [];
    private readonly Dictionary<int, (ulong Number, long E8)> _remainders = [];

    /// <summary>Cumulative funding remainders that were reported, 1e-8.</summary>
    public long RemaindersE8(int symbol) => _remainders.GetValueOrDefault(symbol).E8;

    public Account Of(uint account) => _accounts.TryGetValue(account, out Account? known) ? known : _accounts[account] = new Account();

    public void OnInput(ClearingHouse clearing, ulong sequence, in ClearingInput input)
    {
        if (input.Kind == ClearingInputKind.Settle)
            Of(input.Account).Settle(input.Liquidation, input.Step, input.AmountE8, input.EarnedE8);
        else if (input.Kind == ClearingInputKind.Remainders && input.Number > _remainders.GetValueOrDefault(input.Symbol).Number)
            _remainders[input.Symbol] = (input.Number, input.AmountE8);
    }

    internal sealed class Account
    {
        private (ulong, uint) _highest;

        /// <summary>What its settled closes came to.</summary>
        public long SpentE8 { get; private set; }

        public long EarnedE8 { get; private set; }

        public bool HasSettled(ulong liquidation, uint step) => (liquidation, step).CompareTo(_highest) <= 0;

        public void Settle(ulong liquidation, uint step, long spentE8, long earnedE8)
        {
            if (HasSettled(liquidation, step))
                return;
            _highest = (liquidation, step);
            SpentE8 += spentE8;
            EarnedE8 += earnedE8;
        }
    }
}

using Exchange.Core.Accounts;
using Exchange.Core.Clearing;
using Exchange.Core.Wire;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Clearing;

/// <summary>Hosts Clearing: lends the fund, takes settlements and cumulative reports.</summary>
internal sealed class ClearingNode(World world, int id) : JournaledNode<ClearingInput>(world, id, "clearing")
{
    private ClearingHouse _clearing = new();
    private readonly Dictionary<uint, Account> _accounts = [];
    private readonly Dictionary<int, long> _remaindersE8 = [];

    public ClearingHouse House => _clearing;

    /// <summary>What Clearing knows of one account: its last totals, and what its settled closes came to.</summary>
    public Account Of(uint account) => _accounts.GetValueOrDefault(account) ?? new Account();

    public long RemaindersE8(int symbol) => _remaindersE8.GetValueOrDefault(symbol);

    public override bool IsAtRest => IsUp && _clearing.GrantedE8 == 0;

    public void Seed(long amountE8)
    {
        var input = new ClearingInput { Kind = ClearingInputKind.Seed, AmountE8 = amountE8 };
        Disk.Append(in input);
        Apply(in input);
    }

    protected override void OnStart()
    {
        _clearing = new ClearingHouse();
        _accounts.Clear();
        _remaindersE8.Clear();
        foreach (ClearingInput input in Disk.Durable)
            Apply(in input);

        // What is kept beside the machine needs the whole journal; the machine itself may come from a snapshot.
        var replayed = _clearing;
        _clearing = new ClearingHouse();
        for (int i = Restore(); i < Disk.Durable.Count; i++)
            Apply(Disk.Durable[i]);
        if ((replayed.FundE8, replayed.GrantedE8, replayed.FeesE8) != (_clearing.FundE8, _clearing.GrantedE8, _clearing.FeesE8))
            throw new FaultFoundException("Clearing's snapshot and journal disagree");
    }

    protected override void Write(SnapshotWriter writer) => _clearing.Write(writer);

    protected override void Read(SnapshotReader reader) => _clearing.Read(reader);

    public override void Receive(int from, Message message)
    {
        switch (message)
        {
            case ReserveMessage reserve:
                long grantE8 = Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Reserve, Account = reserve.Account, Liquidation = reserve.Liquidation,
                    Step = reserve.Step, AmountE8 = reserve.MostE8,
                });
                SendWhenDurable(from, new GrantedMessage(reserve.Liquidation, reserve.Step, grantE8));
                break;
            case SettleMessage settle:
                Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Settle, Account = settle.Account, Liquidation = settle.Liquidation,
                    Step = settle.Step, AmountE8 = settle.SpentE8, EarnedE8 = settle.EarnedE8,
                });
                SendWhenDurable(from, new SettledMessage(settle.Liquidation, settle.Step));
                break;
            case TotalsMessage totals:
                Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Totals, Account = totals.Account, Number = totals.Number, Totals = totals.Totals,
                });
                SendWhenDurable(from, new ReportTakenMessage(totals.Number));
                break;
            case RemaindersMessage remainders:
                Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Remainders, Symbol = remainders.Symbol, Number = remainders.Number,
                    AmountE8 = remainders.RemaindersE8,
                });
                SendWhenDurable(from, new ReportTakenMessage(remainders.Number));
                break;
            default:
                throw new InvalidOperationException($"{Name} got {message}.");
        }
    }

    protected override void OnTick()
    {
    }

    public override string ToString() => $"{Name} granted {_clearing.GrantedE8}";

    private long Take(ClearingInput input)
    {
        Disk.Append(in input);
        return Apply(in input);
    }

    private long Apply(in ClearingInput input)
    {
        switch (input.Kind)
        {
            case ClearingInputKind.Seed:
                _clearing.Seed(input.AmountE8);
                return 0;
            case ClearingInputKind.Reserve:
                return _clearing.Reserve(input.Account, input.Liquidation, input.Step, input.AmountE8);
            case ClearingInputKind.Settle:
                if (_clearing.Settle(input.Account, input.Liquidation, input.Step, input.AmountE8, input.EarnedE8))
                    Known(input.Account).Settle(input.Liquidation, input.Step, input.AmountE8, input.EarnedE8);
                return 0;
            case ClearingInputKind.Totals:
                _clearing.Report(input.Account, input.Number, input.Totals);
                Known(input.Account).Report(input.Number, input.Totals);
                return 0;
            default:
                _clearing.ReportRemainders(input.Symbol, input.Number, input.AmountE8);
                _remaindersE8[input.Symbol] = Math.Max(input.AmountE8, RemaindersE8(input.Symbol));
                return 0;
        }
    }

    private Account Known(uint account) =>
        _accounts.TryGetValue(account, out Account? known) ? known : _accounts[account] = new Account();

    /// <summary>Kept beside the machine, only to be held against it and against the accounts.</summary>
    internal sealed class Account
    {
        private readonly HashSet<(ulong, uint)> _settled = [];
        private ulong _number;

        public AccountTotals Totals { get; private set; }

        public long SpentE8 { get; private set; }

        public long EarnedE8 { get; private set; }

        public bool HasSettled(ulong liquidation, uint step) => _settled.Contains((liquidation, step));

        public void Settle(ulong liquidation, uint step, long spentE8, long earnedE8)
        {
            if (!_settled.Add((liquidation, step)))
                return;
            SpentE8 += spentE8;
            EarnedE8 += earnedE8;
        }

        public void Report(ulong number, AccountTotals totals)
        {
            if (number <= _number)
                return;
            _number = number;
            Totals = totals;
        }
    }
}

internal enum ClearingInputKind : byte
{
    Seed,
    Reserve,
    Settle,
    Totals,
    Remainders,
}

/// <summary>One journaled input of Clearing.</summary>
internal struct ClearingInput
{
    public ClearingInputKind Kind;
    public uint Account;
    public int Symbol;
    public ulong Number;
    public ulong Liquidation;
    public uint Step;
    public long AmountE8;
    public long EarnedE8;
    public AccountTotals Totals;
}

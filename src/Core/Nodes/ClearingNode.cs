using System.Diagnostics;
using System.Runtime.InteropServices;
using Exchange.Core.Accounts;
using Exchange.Core.Clearing;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <summary>Clearing: lends the fund, takes settlements and cumulative reports.</summary>
/// <remarks>Reports of accounts are journaled together, once a second: they are cumulative, so only the last of each counts. Rules: docs/protocol.md 6, 8.</remarks>
public sealed class ClearingNode : JournaledNode
{
    private const byte InputRecord = 1;
    private const byte TotalsRecord = 2;
    private const int MostPending = 4_096;
    private const long PendingMs = 1_000;
    private readonly IClearingObserver? _observer;
    private readonly List<(NodeId From, Report Report)> _pending = [];
    private readonly Dictionary<uint, int> _pendingOf = [];
    private readonly ClearingHouse _clearing = new();
    private ulong _seedNumber;
    private RejectReason _seedReason;
    private long _pendingSinceMs;

    public ClearingNode(IJournalHost host, NodeSettings? settings = null, IClearingObserver? observer = null)
        : base(NodeId.Clearing, host, settings) => _observer = observer;

    /// <summary>For reading.</summary>
    public ClearingHouse House => _clearing;

    public bool IsAtRest => _clearing.GrantedE8 == 0 && _pending.Count == 0;

    public override long NextTickMs => _pending.Count == 0 ? long.MaxValue : _pendingSinceMs + PendingMs;

    public override void Start() => Advance();

    public override void Tick()
    {
        Advance();
        if (_pending.Count != 0 && TimeMs - _pendingSinceMs >= PendingMs)
            TakeTotals();
    }

    public override void Receive(NodeId from, NodeMessage message)
    {
        Advance();
        switch (message)
        {
            case ReserveMessage reserve:
                long grantE8 = Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Reserve, Account = reserve.Account, Liquidation = reserve.Liquidation,
                    Step = reserve.Step, AmountE8 = reserve.MostE8,
                });
                Host.Send(from, new GrantedMessage(reserve.Liquidation, reserve.Step, grantE8));
                break;
            case SettleMessage settle: Receive(from, settle); break;
            case TotalsMessage totals: Receive(from, totals); break;
            case RemaindersMessage remainders:
                Take(new ClearingInput
                {
                    Kind = ClearingInputKind.Remainders, Symbol = remainders.Symbol, Number = remainders.Number,
                    AmountE8 = remainders.RemaindersE8,
                });
                Host.Send(from, new ReportTakenMessage(remainders.Number));
                break;
            case SeedMessage seed:
                if (seed.Number == _seedNumber + 1)
                    Take(new ClearingInput { Kind = ClearingInputKind.Seed, Number = seed.Number, AmountE8 = seed.AmountE8 });
                Host.Send(from, new SeedTakenMessage(_seedNumber, _seedReason));
                break;
            default:
                throw new UnreachableException($"{Id} got {message.Kind}.");
        }
    }

    /// <summary>Nobody can have spent what was never granted, unless another activation has granted it.</summary>
    private void Receive(NodeId from, SettleMessage settle)
    {
        if (!_clearing.MaySettle(settle.Account, settle.Liquidation, settle.Step, settle.SpentE8, settle.EarnedE8))
        {
            Host.StepDown($"account {settle.Account} has spent {settle.SpentE8} in ({settle.Liquidation}, {settle.Step}), which was not granted here");
            return;
        }

        Take(new ClearingInput
        {
            Kind = ClearingInputKind.Settle, Account = settle.Account, Liquidation = settle.Liquidation,
            Step = settle.Step, AmountE8 = settle.SpentE8, EarnedE8 = settle.EarnedE8,
        });
        Host.Send(from, new SettledMessage(settle.Liquidation, settle.Step));
    }

    private void Receive(NodeId from, TotalsMessage totals)
    {
        var report = new Report(totals.Account, totals.Number, totals.Totals);
        if (!_pendingOf.TryGetValue(totals.Account, out int at))
        {
            if (_pending.Count == 0)
                _pendingSinceMs = TimeMs;
            _pendingOf.Add(totals.Account, _pending.Count);
            _pending.Add((from, report));
        }
        else if (totals.Number > _pending[at].Report.Number)
        {
            _pending[at] = (from, report);
        }

        if (_pending.Count >= MostPending)
            TakeTotals();
    }

    private void TakeTotals()
    {
        SnapshotWriter record = BeginRecord(TotalsRecord);
        record.Write(_pending.Count);
        foreach ((_, Report report) in _pending)
        {
            record.WriteStruct(in report);
            Apply(report);
        }

        EndRecord();
        foreach ((NodeId from, Report report) in _pending)
            Host.Send(from, new ReportTakenMessage(report.Number));
        _pending.Clear();
        _pendingOf.Clear();
    }

    private long Take(ClearingInput input)
    {
        SnapshotWriter record = BeginRecord(InputRecord);
        WordPack.Write(record, ref input);
        long answer = Apply(in input);
        EndRecord();
        return answer;
    }

    private void Apply(in Report report) => Apply(new ClearingInput
    {
        Kind = ClearingInputKind.Totals, Account = report.Account, Number = report.Number, Totals = report.Totals,
    });

    private long Apply(in ClearingInput input)
    {
        long answer = 0;
        switch (input.Kind)
        {
            case ClearingInputKind.Seed: Seed(in input); break;
            case ClearingInputKind.Reserve:
                answer = _clearing.Reserve(input.Account, input.Liquidation, input.Step, input.AmountE8);
                break;
            case ClearingInputKind.Settle:
                _clearing.Settle(input.Account, input.Liquidation, input.Step, input.AmountE8, input.EarnedE8);
                break;
            case ClearingInputKind.Totals: _clearing.Report(input.Account, input.Number, input.Totals); break;
            case ClearingInputKind.Remainders: _clearing.ReportRemainders(input.Symbol, input.Number, input.AmountE8); break;
            default: throw new SnapshotException($"Clearing has no input of kind {input.Kind}.");
        }

        _observer?.OnInput(_clearing, Sequence, in input);
        return answer;
    }

    private void Seed(in ClearingInput input)
    {
        _seedNumber = input.Number;
        _seedReason = input.AmountE8 <= 0 || input.AmountE8 > InstrumentLimits.MaxMoneyE8 - _clearing.FundE8 ? RejectReason.AmountRange : RejectReason.None;
        if (_seedReason == RejectReason.None)
            _clearing.Seed(input.AmountE8);
    }

    private protected override void Replay(byte kind, SnapshotReader record)
    {
        switch (kind)
        {
            case InputRecord: Apply(WordPack.Read<ClearingInput>(record)); break;
            case TotalsRecord:
                foreach (Report report in record.ReadStructs<Report>(MostPending))
                    Apply(in report);
                break;
            default: throw new SnapshotException($"Clearing has no record of kind {kind}.");
        }
    }

    private protected override void Write(SnapshotWriter writer)
    {
        writer.Write(_seedNumber);
        writer.WriteStruct((ushort)_seedReason);
        _clearing.Write(writer);
    }

    private protected override void Read(SnapshotReader reader)
    {
        _seedNumber = reader.ReadUInt64();
        _seedReason = (RejectReason)reader.ReadStruct<ushort>();
        _clearing.Read(reader);
    }

    public override string ToString() => $"{Id} record {Sequence}, granted {_clearing.GrantedE8}, reports waiting {_pending.Count}";

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Report(uint Account, ulong Number, AccountTotals Totals);
}

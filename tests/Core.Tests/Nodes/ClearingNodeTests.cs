using Exchange.Core.Accounts;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Tests.Nodes;

public sealed class ClearingNodeTests
{
    private readonly FakeHost _host = new();
    private readonly ClearingNode _clearing;

    public ClearingNodeTests()
    {
        _clearing = new ClearingNode(_host);
        _clearing.Start();
        _clearing.Receive(NodeId.Operator, new SeedMessage(1, 1_000));
    }

    [Fact]
    public void A_seed_is_taken_once_however_often_it_comes()
    {
        _clearing.Receive(NodeId.Operator, new SeedMessage(1, 1_000));
        _clearing.Receive(NodeId.Operator, new SeedMessage(2, -5));

        Assert.Equal(1_000, _clearing.House.FundE8);
        Assert.Equal(
            [(1, RejectReason.None), (1, RejectReason.None), (2, RejectReason.AmountRange)],
            _host.Take<SeedTakenMessage>().Select(taken => ((int)taken.Number, taken.Reason)));
    }

    [Fact]
    public void It_steps_down_when_an_account_has_spent_what_it_never_granted()
    {
        int before = _host.Records.Count;

        _clearing.Receive(NodeId.Account(7), new SettleMessage(7, 1, 1, 500, 0));

        Assert.Contains("account 7", _host.SteppedDown, StringComparison.Ordinal);
        Assert.Equal(before, _host.Records.Count);
    }

    [Fact]
    public void Reports_of_a_second_are_one_record_and_the_last_of_each_account_counts()
    {
        int before = _host.Records.Count;
        for (ulong number = 1; number <= 3; number++)
        {
            foreach (uint account in (uint[])[1, 2])
                _clearing.Receive(NodeId.Account(account), new TotalsMessage(account, number, new AccountTotals((long)number, 0, 0, 0, 0)));
        }

        _host.NowMs = _clearing.NextTickMs;
        _clearing.Tick();

        Assert.Equal(before + 1, _host.Records.Count);
        Assert.Equal((Int128)6, _clearing.House.FeesE8);
        Assert.All(_host.Take<ReportTakenMessage>(), taken => Assert.Equal(3UL, taken.Number));
        Assert.Equal(long.MaxValue, _clearing.NextTickMs);
    }
}

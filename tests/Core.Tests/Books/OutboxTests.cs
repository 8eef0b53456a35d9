using Exchange.Core.Books;

namespace Exchange.Core.Tests.Books;

/// <summary>Every unacknowledged event is kept, each account's in order, however they are acknowledged.</summary>
public sealed class OutboxTests
{
    private const int Accounts = 5;
    private readonly BookAccount[] _accounts = new BookAccount[Accounts];
    private readonly List<ulong>[] _kept = [.. Enumerable.Range(0, Accounts).Select(_ => new List<ulong>())];
    private Outboxes _outboxes = new();

    [Fact]
    public void Events_are_kept_until_their_account_or_all_acknowledge()
    {
        var random = new Random(11);
        for (int step = 0; step < 60_000; step++)
        {
            int account = random.Next(Accounts);
            if (random.Next(20_000) == 0)
                AcknowledgeAll();
            else if (random.Next(100) == 0)
                Acknowledge(account, _accounts[account].LastNumber - Math.Min(_accounts[account].LastNumber, (ulong)random.Next(40)));
            else if (account != 0 || random.Next(10) == 0)
                Append(account);
            if (step % 1_000 == 0)
                Check();
        }

        Check();
    }

    [Fact]
    public void Acknowledging_all_begins_anew_where_the_first_events_were()
    {
        for (int i = 0; i < 10; i++)
            Append(i % Accounts);
        int first = _accounts[0].OutboxNewest;
        AcknowledgeAll();
        Check();
        Append(3);
        Append(3);
        Check();
        Assert.True(_accounts[3].OutboxNewest < first);
    }

    [Fact]
    public void An_old_or_repeated_acknowledgement_forgets_nothing_more()
    {
        for (int i = 0; i < 10; i++)
            Append(1);
        Acknowledge(1, 4);
        Acknowledge(1, 4);
        Acknowledge(1, 2);
        Check();
        Assert.Equal(6, _outboxes.Count);
    }

    private void Append(int account)
    {
        ref BookEvent e = ref _outboxes.Append(ref _accounts[account]);
        e.Account = (uint)account;
        e.Number = ++_accounts[account].LastNumber;
        _kept[account].Add(e.Number);
    }

    private void Acknowledge(int account, ulong number)
    {
        _outboxes.Acknowledge(ref _accounts[account], number);
        _kept[account].RemoveAll(n => n <= number);
    }

    private void AcknowledgeAll()
    {
        _outboxes.AcknowledgeAll();
        foreach (List<ulong> kept in _kept)
            kept.Clear();
    }

    private void Check()
    {
        Assert.Equal(_kept.Sum(kept => kept.Count), _outboxes.Count);
        for (int account = 0; account < Accounts; account++)
        {
            List<ulong> kept = [];
            for (int handle = _outboxes.NewestOf(in _accounts[account]); handle != Outboxes.Nil; handle = _outboxes.PreviousOf(handle))
            {
                Assert.Equal((uint)account, _outboxes[handle].Account);
                kept.Insert(0, _outboxes[handle].Number);
            }

            Assert.Equal(_kept[account], kept);
            Assert.Equal(kept.Count, _outboxes.CountOf(in _accounts[account]));
        }
    }
}

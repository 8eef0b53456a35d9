using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded.Tests;

/// <summary>What the host promises whatever the disk, the queue or the engine do (docs/faults.md F4, F5, F6, F11).</summary>
public sealed class VenueHostTests : IDisposable
{
    private const int QueueCapacity = 32;
    private const int KeptPerPriority = 4;

    private readonly HeldJournal _journal = new();
    private readonly Engine _engine = new();
    private readonly VenueHost _host;

    public VenueHostTests() =>
        _host = new VenueHost(_engine, _journal, TimeProvider.System, options: new VenueHostOptions { QueueCapacity = QueueCapacity, CheckEveryInputs = 3 });

    public void Dispose()
    {
        _journal.Release();
        _host.Dispose();
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_durable()
    {
        _journal.Hold();
        RecordingRequest request = Submit(Account(1));
        await request.Applied;
        Assert.False(request.Answer.IsCompleted);

        _journal.Release();

        Assert.Equal("durable None", await request.Answer);
    }

    [Fact]
    public async Task A_question_is_answered_only_when_what_it_saw_is_durable()
    {
        await Submit(Account(1)).Answer;
        _journal.Hold();
        Submit(Deposit(1, 5));
        var question = new RecordingRequest(default) { AsksForAccount = 1 };
        _host.Submit(question);
        await question.Applied;
        Assert.Equal(5, question.SeenWalletE8);
        Assert.False(question.Answer.IsCompleted);

        _journal.Release();

        Assert.Equal("durable None", await question.Answer);
    }

    [Fact]
    public async Task A_question_is_not_journaled()
    {
        await Submit(Account(1)).Answer;
        int before = _journal.Records.Count;

        var question = new RecordingRequest(default) { AsksForAccount = 1 };
        _host.Submit(question);
        await question.Answer;

        Assert.Equal(before, _journal.Records.Count);
    }

    [Fact]
    public async Task A_failed_sync_answers_unknown_and_takes_nothing_more()
    {
        await Submit(Account(1)).Answer;
        _journal.Hold();
        RecordingRequest pending = Submit(Deposit(1, 5));
        await pending.Applied;

        _journal.Health = JournalHealth.Failed;

        Assert.Equal("stopped", await pending.Answer);
        Assert.Equal("stopped", await Submit(Deposit(1, 6)).Answer);
        Assert.Equal(VenueHealth.Stopped, _host.Health);
        Assert.NotNull(_host.Failure);
    }

    [Fact]
    public async Task A_nearly_full_disk_takes_cancels_only_and_the_rest_never_becomes_an_input()
    {
        await Submit(Account(1)).Answer;
        _journal.Health = JournalHealth.NearlyFull;
        int before = _journal.Records.Count;

        Assert.Equal("refused CancelOnly", await Submit(Deposit(1, 5)).Answer);
        Assert.Equal(before, _journal.Records.Count);
        Assert.Equal("durable UnknownOrder", await Submit(new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = 7 }).Answer);

        _journal.Health = JournalHealth.Ok;
        Assert.Equal("durable None", await Submit(Deposit(1, 5)).Answer);
    }

    [Fact]
    public async Task A_full_queue_refuses_cancels_last_and_keeps_what_it_has()
    {
        using var gate = new ManualResetEventSlim(false);
        var blocker = new BlockingRequest(gate);
        _host.Submit(blocker);
        await blocker.Entered;
        List<RecordingRequest> queued = [.. Enumerable.Range(1, QueueCapacity - KeptPerPriority).Select(account => Submit(Account((uint)account)))];

        Assert.Equal("refused Overloaded", await Submit(Account(99)).Answer);
        var cancel = new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = 7 };
        List<RecordingRequest> cancels = [.. Enumerable.Range(0, KeptPerPriority).Select(_ => Submit(cancel))];
        Assert.Equal("refused Overloaded", await Submit(cancel).Answer);

        gate.Set();
        foreach (RecordingRequest request in queued)
            Assert.Equal("durable None", await request.Answer);
        foreach (RecordingRequest request in cancels)
            Assert.Equal("durable UnknownOrder", await request.Answer);
        Assert.Equal("durable None", await Submit(Account(99)).Answer);
    }

    /// <summary>Limit orders go first, then market orders, then reducing ones; what has queued is carried out.</summary>
    [Fact]
    public async Task As_the_queue_fills_those_who_add_risk_are_turned_away_before_those_who_take_it_off()
    {
        using var gate = new ManualResetEventSlim(false);
        using var release = new Release(gate);
        var blocker = new BlockingRequest(gate);
        _host.Submit(blocker);
        await blocker.Entered;
        Command limit = Place(new OrderTerms { Type = OrderType.Limit });
        Command stop = Place(new OrderTerms { Type = OrderType.StopMarket });
        Command market = Place(new OrderTerms { Type = OrderType.Market });
        Command reducing = Place(new OrderTerms { Type = OrderType.Limit, Flags = OrderFlags.ReduceOnly });
        Command closing = Place(new OrderTerms { Side = Side.Buy, PositionSide = PositionSide.Short });
        var cancel = new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = 7 };
        var index = new Command { Kind = CommandKind.SetIndex, Amount = 1 };
        List<RecordingRequest> queued = [];

        Fill(QueueCapacity - 3 * KeptPerPriority, limit);
        await Shed(limit, stop, new Command { Kind = CommandKind.Amend }, default);
        Fill(KeptPerPriority, market);
        await Shed(limit, market);
        Fill(KeptPerPriority / 2, reducing);
        Fill(KeptPerPriority / 2, closing);
        await Shed(limit, market, reducing, closing, Deposit(1, 5));
        Fill(KeptPerPriority / 2, cancel);
        Fill(KeptPerPriority / 2, index);
        await Shed(limit, market, reducing, cancel, index);

        Assert.Equal(QueueCapacity, _host.QueueDepth);
        Assert.Equal((11L, 1L, 1L), (_host.Figures.Shed(CommandKind.Place), _host.Figures.Shed(CommandKind.Cancel), _host.Figures.Shed(CommandKind.Deposit)));
        gate.Set();
        foreach (RecordingRequest request in queued)
            Assert.StartsWith("durable ", await request.Answer, StringComparison.Ordinal);

        void Fill(int count, Command command)
        {
            for (int i = 0; i < count; i++)
                queued.Add(Submit(command));
        }

        async Task Shed(params Command[] commands)
        {
            foreach (Command command in commands)
                Assert.Equal("refused Overloaded", await Submit(command).Answer);
        }

        static Command Place(OrderTerms terms) => new() { Kind = CommandKind.Place, Account = 1, Terms = terms };
    }

    /// <summary>What queues is asked for ahead, before anybody has looked at what it names.</summary>
    [Fact]
    public async Task Commands_that_name_what_is_not_there_are_refused_one_by_one_when_many_have_queued()
    {
        await Submit(Account(1)).Answer;
        using var gate = new ManualResetEventSlim(false);
        var blocker = new BlockingRequest(gate);
        _host.Submit(blocker);
        await blocker.Entered;

        List<RecordingRequest> queued = [];
        foreach (uint account in (uint[])[0, 1, EngineLimits.MaxAccountId + 1, uint.MaxValue])
        {
            foreach (int symbol in (int[])[int.MinValue, int.MaxValue])
            {
                var terms = new OrderTerms { Symbol = symbol, PriceTicks = long.MaxValue, Lots = long.MinValue };
                queued.Add(Submit(new Command { Kind = CommandKind.Place, Account = account, Terms = terms }));
                queued.Add(Submit(new Command { Kind = CommandKind.Cancel, Account = account, Symbol = symbol, OrderId = ulong.MaxValue }));
            }
        }

        gate.Set();
        foreach (RecordingRequest request in queued)
            Assert.Contains(await request.Answer, (string[])["durable UnknownAccount", "durable UnknownSymbol", "durable UnknownOrder"]);
        Assert.Null(_host.Failure);
    }

    [Fact]
    public async Task An_input_that_breaks_the_engine_stops_the_venue_and_is_not_in_the_journal()
    {
        await Submit(Account(1)).Answer;
        int before = _journal.Records.Count;

        RecordingRequest poison = Submit(new Command { Kind = (CommandKind)99 });

        Assert.Equal("stopped", await poison.Answer);
        Assert.Equal(before, _journal.Records.Count);
        Assert.Contains("broke at input", _host.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("stopped", await Submit(Deposit(1, 5)).Answer);
    }

    [Fact]
    public async Task Checks_of_all_outputs_stand_between_the_commands()
    {
        for (uint account = 1; account <= 7; account++)
            await Submit(Account(account)).Answer;

        Assert.Equal(2, _journal.Records.Count(record => record.Kind == VenueHost.CheckKind));
    }

    /// <summary>One look at the clock serves all that was taken together; what counts is that time never goes back.</summary>
    [Fact]
    public async Task Inputs_taken_together_bear_one_time_that_never_goes_back()
    {
        var clock = new SetClock { NowMs = 5_000 };
        using var host = new VenueHost(new Engine(), new HeldJournal(), clock);
        using var gate = new ManualResetEventSlim(false);
        var blocker = new BlockingRequest(gate);
        host.Submit(blocker);
        await blocker.Entered;
        List<RecordingRequest> together = [.. Enumerable.Range(1, 5).Select(account => new RecordingRequest(Account((uint)account)))];
        foreach (RecordingRequest request in together)
            host.Submit(request);

        clock.NowMs = 1_000;
        gate.Set();
        foreach (RecordingRequest request in together)
            await request.Answer;

        Assert.All(together, request => Assert.Equal(5_000, request.TimeMs));
        clock.NowMs = 6_000;
        var later = new RecordingRequest(Account(9));
        host.Submit(later);
        await later.Answer;
        Assert.Equal(6_000, later.TimeMs);
    }

    [Fact]
    public async Task Requests_of_many_threads_are_each_answered_once()
    {
        await Submit(Account(1)).Answer;
        Task[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                string answer = await Submit(Deposit(1, 1)).Answer;
                Assert.True(answer is "durable None" or "refused Overloaded", answer);
            }
        }))];
        await Task.WhenAll(clients);

        var question = new RecordingRequest(default) { AsksForAccount = 1 };
        _host.Submit(question);
        await question.Answer;
        Assert.Equal(_journal.Records.Count(record => record.Kind == (ushort)CommandKind.Deposit), question.SeenWalletE8);
    }

    private RecordingRequest Submit(in Command command)
    {
        var request = new RecordingRequest(in command);
        _host.Submit(request);
        return request;
    }

    private static Command Account(uint account) => new() { Kind = CommandKind.CreateAccount, Account = account };

    private static Command Deposit(uint account, long amountE8) =>
        new() { Kind = CommandKind.Deposit, Account = account, Amount = amountE8 };

    private sealed class SetClock : TimeProvider
    {
        private long _nowMs;

        public long NowMs
        {
            get => Volatile.Read(ref _nowMs);
            set => Volatile.Write(ref _nowMs, value);
        }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
    }

    /// <summary>Opens a gate also when a test fails: a host that waits behind it could not end.</summary>
    private sealed class Release(ManualResetEventSlim gate) : IDisposable
    {
        public void Dispose() => gate.Set();
    }

    /// <summary>Keeps the engine's thread busy until the gate opens.</summary>
    private sealed class BlockingRequest(ManualResetEventSlim gate) : VenueRequest
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        protected internal override void OnApplied(Engine engine, EngineOutput output)
        {
            _entered.SetResult();
            gate.Wait();
        }

        protected internal override void OnDurable(ReadOnlySpan<FeedEvent> events)
        {
        }

        protected internal override void OnRefused(RejectReason reason)
        {
        }

        protected internal override void OnStopped(Exception? cause)
        {
        }
    }
}

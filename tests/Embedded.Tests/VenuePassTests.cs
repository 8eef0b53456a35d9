using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Engines;
using Exchange.Core.Wire;

namespace Exchange.Embedded.Tests;

/// <summary>The host gives an open liquidation pass its slices: between commands, and at once when there are none.</summary>
public sealed class VenuePassTests : IDisposable
{
    private const int Pairs = 150;
    private readonly HeldJournal _journal = new();
    private readonly Engine _engine = new() { SliceWork = 5 };
    private VenueHost? _host;

    public VenuePassTests() => Crowd.Fill(_engine, Pairs);

    private static Command Crash => new() { Kind = CommandKind.SetMark, PriceTicks = Crowd.CrashTicks };

    public void Dispose() => _host?.Dispose();

    [Fact]
    public async Task A_pass_ends_by_itself_and_others_are_answered_meanwhile()
    {
        Engine copy = Copy();
        Start();
        RecordingRequest crash = Submit(Crash);
        List<RecordingRequest> orders = [.. Enumerable.Range(0, 200).Select(i => Submit(Crowd.Order(Crowd.Rich, Side.Sell, 10, 9_400 + i)))];

        Assert.Equal("durable None", await crash.Answer);
        foreach (RecordingRequest order in orders)
            Assert.Contains(await order.Answer, (string[])["durable None", "durable TooManyOrders"]);
        await PassEnds();
        _host!.Dispose();

        Assert.Equal(0, _engine.Account(Crowd.LastLong(Pairs))!.PositionOf(0, 0).Lots);
        (ushort Kind, byte[] Payload)[] records = [.. _journal.Records.Where(record => record.Kind < VenueHost.CheckKind)];
        Assert.True(records.Count(record => (CommandKind)record.Kind == CommandKind.Time) > 50);
        Replay(copy, records);
        Assert.Equal(_engine.StateHash(), copy.StateHash());
    }

    [Fact]
    public async Task A_venue_that_is_stopped_in_a_pass_ends_it_first()
    {
        Start();
        RecordingRequest crash = Submit(Crash);
        await crash.Applied;

        _host!.Dispose();

        Assert.False(_engine.HasOpenPass);
        _engine.CheckInvariants();
    }

    [Fact]
    public async Task A_pass_that_a_start_finds_open_goes_on()
    {
        _engine.Apply(Crash, 0, new EngineOutput());
        Assert.True(_engine.HasOpenPass);

        Start();
        await PassEnds();

        Assert.Equal(0, _engine.Account(Crowd.LastLong(Pairs))!.PositionOf(0, 0).Lots);
    }

    private void Start() => _host = new VenueHost(_engine, _journal, new StillClock());

    private RecordingRequest Submit(Command command)
    {
        var request = new RecordingRequest(in command);
        _host!.Submit(request);
        return request;
    }

    private async Task PassEnds()
    {
        while (true)
        {
            var question = new PassQuestion();
            _host!.Submit(question);
            if (!await question.Answer)
                return;
        }
    }

    private Engine Copy()
    {
        var writer = new SnapshotWriter();
        _engine.Snapshot(writer);
        var copy = new Engine { SliceWork = 5 };
        copy.Restore(new SnapshotReader(writer.Written));
        return copy;
    }

    private static void Replay(Engine engine, IEnumerable<(ushort Kind, byte[] Payload)> records)
    {
        var output = new EngineOutput();
        foreach ((ushort kind, byte[] payload) in records)
        {
            CommandCodec.Decode(kind, payload, out Command command, out Instrument? listing);
            engine.Apply(in command, 0, output, listing);
        }
    }

    /// <summary>Whether a pass is open.</summary>
    private sealed class PassQuestion : VenueRequest
    {
        private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isOpen;

        public Task<bool> Answer => _answer.Task;

        protected internal override void OnApplied(Engine engine, EngineOutput output) => _isOpen = engine.HasOpenPass;

        protected internal override void OnDurable(ReadOnlySpan<FeedEvent> events) => _answer.SetResult(_isOpen);

        protected internal override void OnRefused(RejectReason reason) => _answer.SetException(new InvalidOperationException($"refused {reason}"));

        protected internal override void OnStopped(Exception? cause) => _answer.SetException(new InvalidOperationException("stopped", cause));
    }

    /// <summary>No time passes: what is replayed has the same.</summary>
    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}

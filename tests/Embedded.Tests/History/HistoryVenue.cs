using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Tests.Feed;
using Exchange.Core.Views;
using Exchange.Embedded.History;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.Tests.History;

/// <summary>A venue in a folder of its own whose history goes into a database; its commands are of all kinds, its hours pass quickly.</summary>
internal sealed class HistoryVenue : IDisposable
{
    private readonly RandomVenue.Script _script;
    private readonly MovedClock _clock = new();
    private readonly long _leapMs;
    private EmbeddedExchange? _exchange;
    private int _commands;

    /// <param name="leapMs">By how much time leaps after every hundred commands.</param>
    public HistoryVenue(int seed, long leapMs = 100_000)
    {
        _script = new RandomVenue.Script(seed);
        _leapMs = leapMs;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("exchange-history-").FullName;

    public string FirstSegment => Path.Combine(Folder, "segment-0000000001.journal");

    public EmbeddedExchange Exchange => _exchange!;

    public HistoryWriter Writer => Exchange.History!;

    /// <summary>Opens the venue, for the first time or again.</summary>
    /// <param name="database">Null: without history.</param>
    /// <param name="replica">Null: nobody takes snapshots while it runs.</param>
    public async Task Open(
        HistoryDatabaseOptions? database, ReplicaOptions? replica = null, long keptJournalBytes = long.MaxValue, int stopTimeoutMs = 60_000, bool snapshotOnStop = true,
        ViewLimits? views = null)
    {
        _exchange = EmbeddedExchange.Open(
            new EmbeddedOptions
            {
                Directory = Folder,
                SegmentBytes = 5L << 20,
                NearlyFullBytes = 0,
                Views = views ?? new ViewLimits(),
                SnapshotOnStop = snapshotOnStop,
                Host = new VenueHostOptions { CheckEveryInputs = 64 },
                Replica = replica,
                History = database is null ? null : new HistoryOptions
                {
                    Database = database, PauseMs = 1, WaitsForOthers = false, KeptJournalBytes = keptJournalBytes, StopTimeoutMs = stopTimeoutMs,
                },
            },
            _clock);
        if (_exchange.Instruments.Count == 0)
            await Begin();
    }

    /// <summary>Carries out so many commands more, some dozens in flight.</summary>
    public async Task Trade(int commands)
    {
        List<Task> replies = [];
        for (int i = 0; i < commands; i++)
        {
            Command command = _script.Next();
            _clock.Ms = _script.TimeMs + ++_commands / 100 * _leapMs;
            replies.Add(Submit(command).AsTask());
            if (replies.Count < 50)
                continue;
            await Task.WhenAll(replies);
            replies.Clear();
        }

        await Task.WhenAll(replies);
    }

    /// <summary>A mark price of the first symbol a minute, but for every fifth.</summary>
    public async Task Quote(int minutes)
    {
        for (int minute = 1; minute <= minutes; minute++)
        {
            _clock.Ms = 2_000_000 + minute * 60_000L;
            if (minute % 5 != 0)
                Assert.Equal(RejectReason.None, (await Submit(new Command { Kind = CommandKind.SetMark, Symbol = 0, PriceTicks = 500_000 + minute })).Reason);
        }
    }

    /// <summary>Makes the journal longer by so many blocks, one an input.</summary>
    public async Task Lengthen(int blocks)
    {
        for (int i = 0; i < blocks; i++)
            await Submit(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 });
    }

    /// <summary>Time stands from now on: nothing falls due any more.</summary>
    public void StopTheClock() => _clock.Stop();

    public Task CaughtUp() => Condition.Holds(() => Writer.LagRecords == 0);

    public void Close() => _exchange!.Dispose();

    public void Dispose()
    {
        _exchange?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task Begin()
    {
        foreach ((Command command, Instrument? listing) in RandomVenue.Opening())
            await (listing is null ? Submit(command) : Exchange.List(listing, CancellationToken.None));
    }

    private ValueTask<CommandReply> Submit(Command command) => Exchange.Submit(in command, CancellationToken.None);

    /// <summary>It also goes on by itself: what waits for its time is not asked for again and again.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private readonly long _started = Environment.TickCount64;
        private long _stoppedAt;
        private long _ms = 1_000_000;

        public long Ms
        {
            set => Volatile.Write(ref _ms, value);
        }

        public void Stop() => Volatile.Write(ref _stoppedAt, Environment.TickCount64);

        public override DateTimeOffset GetUtcNow()
        {
            long now = Volatile.Read(ref _stoppedAt) is var stopped and not 0 ? stopped : Environment.TickCount64;
            return DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _ms) + now - _started);
        }
    }
}

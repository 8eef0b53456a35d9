using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Engines;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests;

/// <summary>A folder whose journal ends in the middle of a liquidation pass: as after a crash of the process in one of the price.</summary>
public sealed class VenuePassFolderTests : IDisposable
{
    private const int Pairs = 1_500;
    private const string Version = "1.0.0";
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-pass-").FullName;
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();
    private readonly byte[] _payload = new byte[CommandCodec.MaxBytes];
    private ulong _sequence;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_recovered_and_verified_and_the_pass_goes_on_to_the_same_end(bool hasSnapshot)
    {
        WriteUpToMiddle(hasSnapshot);

        using VenueRecovery recovery = VenueRecovery.Begin(_folder, hasSnapshot ? null : new ViewLimits(), Version);
        using (FileJournal journal = FileJournal.Open(Journal(), recovery.Sequence, recovery.Apply))
        {
        }

        Engine recovered = recovery.Engine;
        Assert.True(recovered.HasOpenPass);
        Assert.Equal(_engine.StateHash(), recovered.StateHash());
        VenueVerification.Report report = VenueVerification.Run(_folder, TimeProvider.System);
        Assert.Equal((_engine.StateHash(), hasSnapshot ? 1 : 0), (report.StateHash, report.Snapshots));

        while (_engine.HasOpenPass)
        {
            Crowd.Apply(_engine, _output, new Command { Kind = CommandKind.Time });
            Crowd.Apply(recovered, _output, new Command { Kind = CommandKind.Time });
            Assert.Equal(_engine.OutputHash, recovered.OutputHash);
        }

        recovered.CheckInvariants();
        Assert.Equal(_engine.StateHash(), recovered.StateHash());
        Assert.Equal(0, recovered.Account(Crowd.LastLong(Pairs))!.PositionOf(0, 0).Lots);
    }

    private FileJournalOptions Journal() => new()
    {
        Directory = _folder, SegmentBytes = 8 << 20, MaxBatchBytes = 64 << 10, QueueBytes = 1 << 20, PreparedSegments = 1, NearlyFullBytes = 0,
    };

    /// <summary>Slices and other commands by turns; a snapshot, if any, is of between two slices.</summary>
    private void WriteUpToMiddle(bool hasSnapshot)
    {
        using FileJournal journal = FileJournal.Open(Journal(), 0, (in JournalRecord _) => { });
        Append(journal, VenueHost.OpenedKind, System.Text.Encoding.UTF8.GetBytes(Version));
        foreach ((Command command, Instrument? listing) in Crowd.Commands(Pairs))
            Apply(journal, command, listing);
        Apply(journal, new Command { Kind = CommandKind.SetMark, PriceTicks = Crowd.CrashTicks });
        for (int i = 0; i < 5; i++)
        {
            Apply(journal, new Command { Kind = CommandKind.Time });
            Apply(journal, Crowd.Order(Crowd.Rich, Side.Sell, 10, 9_500));
            Apply(journal, Crowd.Order(Crowd.LastLong(Pairs), Side.Sell, 10, 9_500));
            Assert.Equal(RejectReason.AccountInLiquidation, _output.Reason);
            if (hasSnapshot && i == 2)
                VenueRecovery.Save(_folder, _engine, null, null, _sequence, Version);
        }

        Append(journal, VenueHost.CheckKind, BitConverter.GetBytes(_engine.OutputHash));
        Assert.True(journal.WaitDurable(_sequence));
        Assert.True(_engine.HasOpenPass);
    }

    private void Apply(FileJournal journal, Command command, Instrument? listing = null)
    {
        _engine.Apply(in command, 0, _output, listing);
        int length = CommandCodec.Encode(in command, listing, _payload);
        Append(journal, CommandCodec.RecordKind(command.Kind, _output.Course), _payload.AsSpan(0, length));
    }

    private void Append(FileJournal journal, ushort kind, ReadOnlySpan<byte> payload)
    {
        while (!journal.TryAppend(_sequence + 1, 0, kind, payload))
            Assert.True(journal.WaitDurable(_sequence));
        _sequence++;
    }
}

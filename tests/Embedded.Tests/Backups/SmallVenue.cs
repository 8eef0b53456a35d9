using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>A venue's folder of some hundred kilobytes: several journal files, two snapshots, records before, between and behind them.</summary>
internal static class SmallVenue
{
    public const string Version = "1.0.0";
    private const uint Accounts = 4;

    public static FileJournalOptions Journal(string folder) => new()
    {
        Directory = folder,
        SegmentBytes = 64 << 10,
        MaxBatchBytes = 16 << 10,
        QueueBytes = 32 << 10,
        PreparedSegments = 1,
        NearlyFullBytes = 0,
    };

    /// <summary>Writes it; the journal's oldest file is gone, as after retention.</summary>
    public static void Write(string folder, int orders) => Write(folder, Version, Commands(orders));

    /// <summary>Writes it of any commands.</summary>
    public static void Write(string folder, string version, IEnumerable<(Command Command, Instrument? Listing, long TimeMs)> commands)
    {
        ulong last = WriteJournal(folder, version, commands);
        SaveSnapshot(folder, version, last / 3);
        SaveSnapshot(folder, version, last * 2 / 3);
        using FileJournal journal = FileJournal.Open(Journal(folder), last, (in JournalRecord _) => { });
        Assert.True(journal.DeleteThrough(last / 3) > 0);
    }

    /// <summary>As a start does it.</summary>
    /// <returns>The state's hash.</returns>
    /// <exception cref="Exception">What a start would be refused with.</exception>
    public static UInt128 Open(string folder, Action<SnapshotDamagedException>? passedOver = null, string version = Version)
    {
        using VenueRecovery state = VenueRecovery.Begin(folder, limits: null, version, passedOver);
        using FileJournal journal = FileJournal.Open(Journal(folder), state.Sequence, state.Apply);
        return state.Engine.StateHash();
    }

    /// <summary>As a start does it, but the folder stays as it is.</summary>
    public static UInt128 Read(string folder, Action<SnapshotDamagedException>? passedOver = null)
    {
        using VenueRecovery state = VenueRecovery.Begin(folder, limits: null, Version, passedOver);
        using var reader = new JournalReader(folder, state.Sequence);
        reader.ReadWritten(state.Apply);
        return state.Engine.StateHash();
    }

    public static Dictionary<string, byte[]> ReadFiles(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes, StringComparer.Ordinal);

    /// <summary>Makes a folder hold just these files.</summary>
    public static void WriteFiles(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
            File.Delete(path);
        foreach ((string name, byte[] bytes) in files)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    private static ulong WriteJournal(string folder, string version, IEnumerable<(Command Command, Instrument? Listing, long TimeMs)> commands)
    {
        var engine = new Engine();
        var output = new EngineOutput();
        byte[] payload = new byte[CommandCodec.MaxBytes];
        using FileJournal journal = FileJournal.Open(Journal(folder), 0, (in JournalRecord _) => { });
        Append(journal, 1_000, VenueHost.OpenedKind, System.Text.Encoding.UTF8.GetBytes(version));
        Append(journal, 1_000, VenueHost.StartedKind, BitConverter.GetBytes(7UL));
        foreach ((Command command, Instrument? listing, long timeMs) in commands)
        {
            engine.Apply(in command, timeMs, output, listing);
            int length = CommandCodec.Encode(in command, listing, payload);
            Append(journal, timeMs, CommandCodec.RecordKind(command.Kind, output.Course), payload.AsSpan(0, length));
            if (journal.AppendedSequence % 50 == 0)
                Append(journal, timeMs, VenueHost.CheckKind, BitConverter.GetBytes(engine.OutputHash));
        }

        return journal.AppendedSequence;
    }

    private static void Append(FileJournal journal, long timeMs, ushort kind, ReadOnlySpan<byte> payload)
    {
        ulong sequence = journal.AppendedSequence + 1;
        Assert.True(journal.TryAppend(sequence, timeMs, kind, payload));
        // Batches of some records each, whatever the machine is busy with.
        if (sequence % 20 == 0)
            Assert.True(journal.WaitDurable(sequence));
    }

    private static IEnumerable<(Command Command, Instrument? Listing, long TimeMs)> Commands(int orders)
    {
        var random = new Random(5);
        yield return (new Command { Kind = CommandKind.ListInstrument }, TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = "AUSDT" }, 0), 1_000);
        for (uint account = 1; account <= Accounts; account++)
        {
            yield return (new Command { Kind = CommandKind.CreateAccount, Account = account }, null, 1_000);
            yield return (new Command { Kind = CommandKind.Deposit, Account = account, Amount = 100_000_000_000_000 }, null, 1_000);
        }

        yield return (new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 }, null, 1_000);
        for (int i = 0; i < orders; i++)
        {
            var order = new Command { Kind = CommandKind.Place, Account = 1 + (uint)random.Next((int)Accounts) };
            order.Terms.Side = (Side)random.Next(2);
            order.Terms.PriceTicks = 500_000 + random.Next(-20, 20);
            order.Terms.Lots = random.Next(1, 10);
            order.Terms.Fields = OrderFields.Price | OrderFields.Lots;
            yield return (order, null, 1_000);
        }
    }

    private static void SaveSnapshot(string folder, string version, ulong sequence)
    {
        using VenueRecovery state = VenueRecovery.Empty(new ViewLimits(), rules: null);
        using (var reader = new JournalReader(folder, 0))
        {
            reader.ReadToEnd((in JournalRecord record) =>
            {
                if (record.Sequence <= sequence)
                    state.Apply(in record);
            });
        }

        VenueRecovery.Save(folder, state.Engine, state.Views, state.Own, sequence, version);
    }
}

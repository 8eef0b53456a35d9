using System.Diagnostics;
using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F5 on a real file system of a few megabytes, where one may be mounted.</summary>
public sealed class SmallDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-small-").FullName;
    private readonly bool _mounted;

    public SmallDiskTests() => _mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", _folder);

    public void Dispose()
    {
        if (_mounted)
            Run("umount", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public void A_disk_that_fills_up_stops_the_journal_and_loses_nothing()
    {
        Skip.IfNot(_mounted, "A tmpfs cannot be mounted here (that takes root).");
        ulong acknowledged;
        bool wasNearlyFull = false;
        using (FileJournal journal = Open())
        {
            byte[] payload = new byte[200];
            for (ulong sequence = 1; journal.Health != JournalHealth.Failed;)
            {
                if (journal.TryAppend(sequence, 1, 1, payload))
                    sequence++;
                if (sequence % 50 == 0)
                    journal.WaitDurable(sequence - 1);
                wasNearlyFull |= journal.Health == JournalHealth.NearlyFull;
            }

            acknowledged = journal.DurableSequence;
            Assert.IsType<JournalFullException>(journal.Failure);
        }

        Assert.True(wasNearlyFull);
        Assert.True(acknowledged > 1_000);
        FillUp();
        using FileJournal again = Open();
        Assert.InRange(again.Recovery.LastSequence, acknowledged, ulong.MaxValue);
    }

    private void FillUp()
    {
        using FileStream file = File.Create(Path.Combine(_folder, "filler"));
        try
        {
            byte[] block = new byte[4096];
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            Assert.Equal(0, new DriveInfo(_folder).AvailableFreeSpace);
        }
    }

    private FileJournal Open() => FileJournal.Open(
        new FileJournalOptions
        {
            Directory = _folder,
            SegmentBytes = 512 << 10,
            MaxBatchBytes = 64 << 10,
            QueueBytes = 256 << 10,
            NearlyFullBytes = 600 << 10,
            WatchIntervalMs = 5,
        }, 0, (in _) => { });

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

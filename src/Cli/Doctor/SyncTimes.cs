using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Cli.Doctor;

/// <summary>What a durable write of one block costs, as the journal does it: into a file whose blocks exist and are zeroed.</summary>
/// <param name="P50Us">Half take at most so many microseconds.</param>
/// <param name="P99Us">99 in 100 do.</param>
/// <param name="IsDirect">Written past the page cache.</param>
internal readonly record struct SyncTimes(double P50Us, double P99Us, bool IsDirect)
{
    private const int Writes = 400;
    private const int BlocksOfFile = 256;
    private const int BudgetMs = 3_000;

    /// <summary>Writes a file of 1 MiB in the folder, over and over for at most three seconds, and deletes it.</summary>
    /// <exception cref="StorageException">The folder takes no file, or the disk fails.</exception>
    public static SyncTimes Measure(string folder)
    {
        string path = Path.Combine(folder, $"exchange-doctor-{Guid.NewGuid():N}");
        LocalFileSystem files = LocalFileSystem.Instance;
        var block = new BlockBuffer(JournalFormat.BlockBytes);
        var tookUs = new List<double>(Writes);
        bool isDirect;
        try
        {
            using IFile file = files.Create(path);
            for (int index = 0; index < BlocksOfFile; index++)
                file.Write((long)index * JournalFormat.BlockBytes, block.Span);
            file.Sync();
            isDirect = file.TryBypassCache();
            block.Span.Fill(1);
            long began = TimeProvider.System.GetTimestamp();
            while (tookUs.Count < Writes && TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < BudgetMs)
            {
                long started = TimeProvider.System.GetTimestamp();
                file.Write((long)(tookUs.Count % BlocksOfFile) * JournalFormat.BlockBytes, block.Span);
                file.SyncData();
                tookUs.Add(TimeProvider.System.GetElapsedTime(started).TotalMicroseconds);
            }
        }
        finally
        {
            if (files.Exists(path))
                files.Delete(path);
        }

        tookUs.Sort();
        return new SyncTimes(tookUs[tookUs.Count / 2], tookUs[tookUs.Count * 99 / 100], isDirect);
    }
}

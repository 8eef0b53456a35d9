using System.Diagnostics;
using System.Globalization;
using System.Text;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>A process that writes streams and tells each acknowledgement, killed without warning.</summary>
public sealed class KilledWriterTests
{
    [SkippableFact]
    public async Task A_killed_process_leaves_everything_it_was_told_is_durable()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        var told = new Dictionary<(uint Key, ulong Number), string>();
        for (int round = 0; round < TestScale.Of(2, 20); round++)
            await WriteAndKill(database.ConnectionString, lines: 300, told);

        PostgresStreamStore store = await database.Open();
        foreach (IGrouping<uint, KeyValuePair<(uint Key, ulong Number), string>> stream in told.GroupBy(entry => entry.Key.Key))
        {
            List<StreamRecord> journal = await store.Read(new StreamId(1, stream.Key), 0, CancellationToken.None).ToListAsync();
            foreach (((_, ulong number), string text) in stream)
                Assert.Equal(text, Encoding.UTF8.GetString(journal[(int)number - 1].Bytes.Span));
        }
    }

    /// <summary>The killed process: appends to some streams, and prints "key number text" for what is durable.</summary>
    internal static async Task Write(string connectionString, TextWriter output)
    {
        await using PostgresStreamStore store = await PostgresStreamStore.Connect(
            new PostgresStreamStoreOptions { ConnectionString = connectionString, UpkeepSeconds = 0 }, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async key =>
        {
            var stream = new StreamId(1, (uint)key);
            OpenedStream opened = await store.Open(stream, CancellationToken.None);
            var batch = new RecordBatch();
            for (ulong last = opened.LastSequence; ;)
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{opened.Epoch}/{last}");
                batch.Clear();
                batch.Add(Encoding.UTF8.GetBytes(text));
                last = await store.Append(stream, opened.Epoch, last, batch);
                string line = string.Create(CultureInfo.InvariantCulture, $"{key} {last} {text}\n");
                lock (output)
                    output.Write(line);
            }
        }));
    }

    private static async Task WriteAndKill(string connectionString, int lines, Dictionary<(uint Key, ulong Number), string> told)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledWriterTests).Assembly.Location, TestProgram.WriteStreams, connectionString])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        using Process writer = Process.Start(start)!;
        for (int line = 0; line < lines; line++)
            Take(await writer.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The writer ended by itself."));
        writer.Kill();
        // What is whole in the pipe was told before the kill.
        string[] rest = (await writer.StandardOutput.ReadToEndAsync()).Split('\n');
        foreach (string line in rest[..^1])
            Take(line);
        await writer.WaitForExitAsync();

        void Take(string line)
        {
            string[] words = line.Split(' ');
            told.Add((uint.Parse(words[0], CultureInfo.InvariantCulture), ulong.Parse(words[1], CultureInfo.InvariantCulture)), words[2]);
        }
    }
}

using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <content>Contents: what reads as written, and what is on the disk.</content>
public sealed partial class SimulatedDisk
{
    private sealed class Node
    {
        private readonly List<(long Offset, byte[] Bytes)> _pending = [];
        private byte[] _durable;

        public Node(byte[]? contents = null)
        {
            Current = (byte[]?)contents?.Clone() ?? [];
            _durable = (byte[])Current.Clone();
        }

        public byte[] Current { get; private set; }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            Current = Apply(Current, offset, bytes);
            _pending.Add((offset, bytes.ToArray()));
        }

        public void Sync()
        {
            foreach ((long offset, byte[] bytes) in _pending)
                _durable = Apply(_durable, offset, bytes);
            _pending.Clear();
        }

        /// <summary>Some sectors arrive, and all of them count as clean.</summary>
        public void FailSync(Random random)
        {
            KeepSome(random);
            _pending.Clear();
        }

        public void LosePower(CrashOutcome outcome, Random random)
        {
            if (outcome == CrashOutcome.Keep)
                Sync();
            else if (outcome == CrashOutcome.Random)
                KeepSome(random);
            _pending.Clear();
            Current = (byte[])_durable.Clone();
        }

        private void KeepSome(Random random)
        {
            // Per sector some number of the writes to it, in their order: it was flushed at some time between them.
            Dictionary<long, int> writesKept = [];
            Dictionary<long, int> writesSeen = [];
            foreach ((long sector, _, _) in Sectors())
                writesSeen[sector] = writesSeen.GetValueOrDefault(sector) + 1;
            foreach ((long sector, int count) in writesSeen)
                writesKept[sector] = random.Next(count + 1);
            foreach ((long sector, long offset, byte[] bytes) in Sectors())
            {
                if (writesKept[sector]-- > 0)
                    _durable = Apply(_durable, offset, bytes);
            }
        }

        private IEnumerable<(long Sector, long Offset, byte[] Bytes)> Sectors()
        {
            foreach ((long offset, byte[] bytes) in _pending)
            {
                for (int at = 0; at < bytes.Length;)
                {
                    long sector = (offset + at) / SectorBytes;
                    int end = (int)Math.Min(bytes.Length, ((sector + 1) * SectorBytes) - offset);
                    yield return (sector, offset + at, bytes[at..end]);
                    at = end;
                }
            }
        }

        private static byte[] Apply(byte[] contents, long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > contents.Length)
                Array.Resize(ref contents, (int)(offset + bytes.Length));
            bytes.CopyTo(contents.AsSpan((int)offset));
            return contents;
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, string path, Node node) : IFile
    {
        public long Length => node.Current.Length;

        public void Read(long offset, Span<byte> buffer)
        {
            disk.CheckAlive();
            if (offset + buffer.Length > node.Current.Length)
                throw Error("Read", path, 0);
            node.Current.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            disk.BeginStep("write", path);
            long added = Math.Max(0, offset + bytes.Length - node.Current.Length);
            if (added > 0 && added > disk.FreeBytes(path))
                throw Error("Write", path, 28);
            if (disk.Steps == disk.FailAtStep)
            {
                node.Write(offset, bytes[..disk._random.Next(bytes.Length)]);
                throw Error("Write", path, 0);
            }

            node.Write(offset, bytes);
            disk.EndStep();
        }

        public void SyncData() => Sync();

        public void Sync()
        {
            try
            {
                disk.BeginStep("sync", path);
            }
            catch (StorageException)
            {
                node.FailSync(disk._random);
                throw;
            }

            disk.EndStep();
            node.Sync();
        }

        public void Dispose()
        {
        }
    }
}

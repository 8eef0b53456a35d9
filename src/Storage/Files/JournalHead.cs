using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>The journal's identity, epoch, and the segments that must exist.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct JournalHeadState
{
    public ulong JournalId;

    /// <summary>Of the last opening; every opening takes the next one before it reads.</summary>
    public ulong Epoch;

    /// <summary>The oldest segment kept.</summary>
    public ulong FirstSegment;

    /// <summary>The newest segment known to be whole on disk, used or not.</summary>
    public ulong PreparedThrough;

    /// <summary>A sequence that was durable when the journal was last opened or closed; more may be.</summary>
    public ulong DurableThrough;
}

/// <summary>A small file of two slots written in turn, so that one is always whole. Writing it needs no space.</summary>
/// <remarks>Without it a removed last segment, or an emptied folder, would pass for a journal that never had them.</remarks>
internal sealed class JournalHead : IDisposable
{
    public const string FileName = "journal.head";
    private const ulong ExpectedMagic = 0x4441_4548_5845_01DE;   // DE 01 "EXHEAD"
    private const int SlotBytes = JournalFormat.BlockBytes;
    private const int ChecksumOffset = 12;

    private readonly IFile _file;
    private readonly Lock _gate = new();
    private readonly byte[] _slot = new byte[SlotBytes];
    private ulong _generation;
    private JournalHeadState _state;

    private JournalHead(IFile file, ulong generation, in JournalHeadState state)
    {
        _file = file;
        _generation = generation;
        _state = state;
    }

    public JournalHeadState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    public static JournalHead Create(IFileSystem files, string directory, in JournalHeadState state)
    {
        string path = Path.Combine(directory, FileName);
        string unfinished = path + SegmentFiles.UnfinishedSuffix;
        if (files.Exists(unfinished))
            files.Delete(unfinished);
        using (IFile file = files.Create(unfinished))
        {
            file.Write(0, new byte[2 * SlotBytes]);
            using var head = new JournalHead(file, 0, state);
            head.Update(state);
            file.Sync();
        }

        files.Rename(unfinished, path);
        files.SyncDirectory(directory);
        return Open(files, directory);
    }

    public static JournalHead Open(IFileSystem files, string directory)
    {
        string path = Path.Combine(directory, FileName);
        IFile file = files.Open(path);
        try
        {
            if (file.Length != 2 * SlotBytes)
                throw new JournalDamagedException(path, file.Length, 0, $"the file is {file.Length} bytes long");
            byte[] slot = new byte[SlotBytes];
            Slot newest = default;
            for (int index = 0; index < 2; index++)
            {
                file.Read(index * SlotBytes, slot);
                if (TryRead(slot, path, out Slot read) && read.Generation > newest.Generation)
                    newest = read;
            }

            if (newest.Generation == 0)
                throw new JournalDamagedException(path, 0, 0, "neither of its two copies is intact");
            return new JournalHead(file, newest.Generation, newest.State);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Durable when it returns.</summary>
    public void Update(in JournalHeadState state)
    {
        lock (_gate)
        {
            _generation++;
            _state = state;
            Slot slot = new() { Magic = ExpectedMagic, Version = JournalFormat.Version, Generation = _generation, State = state };
            Array.Clear(_slot);
            MemoryMarshal.Write(_slot, in slot);
            MemoryMarshal.Write(_slot.AsSpan(ChecksumOffset), Checksum(_slot));
            _file.Write((long)(_generation % 2) * SlotBytes, _slot);
            _file.SyncData();
        }
    }

    public void NextEpoch() => Change((ref JournalHeadState state) => state.Epoch++);

    public void SetPreparedThrough(ulong segmentId) =>
        Change((ref JournalHeadState state) =>
        {
            Invariant.Holds(segmentId == state.PreparedThrough + 1);
            state.PreparedThrough = segmentId;
        });

    public void SetDurableThrough(ulong sequence) =>
        Change((ref JournalHeadState state) =>
        {
            Invariant.Holds(sequence >= state.DurableThrough);
            state.DurableThrough = sequence;
        });

    public void SetFirstSegment(ulong segmentId) =>
        Change((ref JournalHeadState state) =>
        {
            Invariant.Holds(segmentId > state.FirstSegment);
            Invariant.Holds(segmentId <= state.PreparedThrough);
            state.FirstSegment = segmentId;
        });

    public void Dispose() => _file.Dispose();

    private delegate void Edit(ref JournalHeadState state);

    private void Change(Edit edit)
    {
        lock (_gate)
        {
            JournalHeadState state = _state;
            edit(ref state);
            Update(state);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, string path, out Slot slot)
    {
        slot = MemoryMarshal.Read<Slot>(bytes);
        if (slot.Magic != ExpectedMagic || slot.Checksum != Checksum(bytes))
            return false;
        if (slot.Version > JournalFormat.Version)
            throw new JournalVersionException(path, slot.Version, JournalFormat.Version);
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> slot) =>
        Crc32C.Append(Crc32C.Append(uint.MaxValue, slot[..ChecksumOffset]), slot[(ChecksumOffset + sizeof(uint))..]);

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private struct Slot
    {
        public ulong Magic;
        public uint Version;
        public uint Checksum;
        public ulong Generation;
        public JournalHeadState State;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Journaling;
using Exchange.Core.Port;

namespace Exchange.Core.Replay;

/// <summary>Some records of a journal with what the books have answered to them: what goes from the books' thread to the accounts'.</summary>
/// <remarks>
/// Reused. Records and answers are copied behind one another, so that the other processor reads forward. Not to be used by two
/// threads at once: whoever has it owns it.
/// </remarks>
public sealed class ReplayBlock
{
    private const int FirstBytes = 32 << 10;
    private const int MostAnswersAhead = 4 << 10;
    private readonly List<Entry> _entries = [];
    private byte[] _payloads = new byte[FirstBytes];
    private byte[] _answers = new byte[FirstBytes];
    private int _payloadBytes;
    private int _answerBytes;

    public int Count => _entries.Count;

    /// <summary>A record and its answer, in the order they were added.</summary>
    internal ref readonly Entry this[int index] => ref CollectionsMarshal.AsSpan(_entries)[index];

    public void Clear()
    {
        _entries.Clear();
        _payloadBytes = 0;
        _answerBytes = 0;
    }

    /// <summary>Adds a record, without an answer yet.</summary>
    public void Add(in JournalRecord record, InputCourse course)
    {
        int at = _payloadBytes;
        int length = record.Payload.Length;
        record.Payload.CopyTo(Room(ref _payloads, ref _payloadBytes, length));
        _entries.Add(new Entry
        {
            Sequence = record.Sequence, TimeMs = record.TimeMs, Kind = record.Kind, Course = course, PayloadAt = at, PayloadBytes = length,
        });
    }

    /// <summary>The record as it was added.</summary>
    public JournalRecord Record(int index)
    {
        ref readonly Entry entry = ref this[index];
        var header = new RecordHeader { Sequence = entry.Sequence, TimeMs = entry.TimeMs, Kind = entry.Kind };
        return new JournalRecord(in header, _payloads.AsSpan(entry.PayloadAt, entry.PayloadBytes));
    }

    /// <summary>Asks for the memory of some records and their answers: another processor wrote it.</summary>
    public void Prefetch(int first, int count)
    {
        int last = Math.Min(first + count, _entries.Count) - 1;
        if (last < first)
            return;
        ref readonly Entry begin = ref this[first];
        ref readonly Entry end = ref this[last];
        for (int i = first; i <= last; i++)
            CacheLine.Fetch(in this[i]);
        CacheLine.FetchElements(_payloads, begin.PayloadAt, end.PayloadAt + end.PayloadBytes - begin.PayloadAt);
        CacheLine.FetchElements(_answers, begin.AnswerAt, Math.Min(MostAnswersAhead, end.AnswerAt - begin.AnswerAt + 128));
    }

    /// <summary>
    /// Adds the aims of those that the record's answer concerns besides its own account, and asks for where all of them report; returns
    /// how many aims there are now.
    /// </summary>
    public int AddAims(int index, in CommandAim own, ClearingHouse clearing, Span<CommandAim> aims, int count)
    {
        (uint account, int symbol, _, _) = own;
        foreach (ref readonly BookEvent e in Events(in this[index]))
        {
            if (e.Kind == BookEventKind.Fill)
                clearing.PrefetchPlace(e.Account);
            if (e.Account != account && count < aims.Length)
                aims[count++] = new CommandAim(e.Account, symbol, e.OrderId, 0);
        }

        return count;
    }

    /// <summary>How much of the engine the record's input takes.</summary>
    public InputCourse Course(int index) => this[index].Course;

    /// <summary>Answers a record: events and levels follow by <see cref="AddEvent"/>, then <see cref="AddLevel"/>.</summary>
    internal void Answer(int index, in BookInput message, CommandOutcome outcome, long postOnlyTicks, int events, int levels)
    {
        ref Entry entry = ref CollectionsMarshal.AsSpan(_entries)[index];
        entry.CommandKey = message.CommandKey;
        entry.ReserveTicks = message.ReserveTicks;
        entry.WorstTicks = message.WorstTicks;
        entry.Reason = outcome.Reason;
        entry.OrderId = outcome.OrderId;
        entry.PostOnlyTicks = postOnlyTicks;
        entry.AnswerAt = _answerBytes;
        entry.Events = events;
        entry.Levels = levels;
    }

    internal void AddEvent(in BookEvent e) => MemoryMarshal.Write(Room(ref _answers, ref _answerBytes, Unsafe.SizeOf<BookEvent>()), in e);

    internal void AddLevel(in LevelChange level) =>
        MemoryMarshal.Write(Room(ref _answers, ref _answerBytes, Unsafe.SizeOf<LevelChange>()), in level);

    internal ReadOnlySpan<BookEvent> Events(in Entry entry) =>
        MemoryMarshal.Cast<byte, BookEvent>(_answers.AsSpan(entry.AnswerAt, entry.Events * Unsafe.SizeOf<BookEvent>()));

    internal ReadOnlySpan<LevelChange> Levels(in Entry entry) =>
        MemoryMarshal.Cast<byte, LevelChange>(
            _answers.AsSpan(entry.AnswerAt + entry.Events * Unsafe.SizeOf<BookEvent>(), entry.Levels * Unsafe.SizeOf<LevelChange>()));

    private static Span<byte> Room(ref byte[] bytes, ref int used, int length)
    {
        int at = used;
        used = (at + length + 7) & ~7;
        if (used > bytes.Length)
            Array.Resize(ref bytes, Math.Max(used, bytes.Length * 2));
        return bytes.AsSpan(at, length);
    }

    /// <summary>A record, and what the book was told and said.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Entry
    {
        public ulong Sequence;
        public long TimeMs;
        public ushort Kind;
        public InputCourse Course;
        public RejectReason Reason;
        public int PayloadAt;
        public int PayloadBytes;
        public int AnswerAt;
        public int Events;
        public int Levels;

        /// <summary>Of the message that the book was sent: the account must come to the same.</summary>
        public ulong CommandKey;
        public long ReserveTicks;
        public long WorstTicks;

        /// <summary>The outcome's.</summary>
        public ulong OrderId;

        /// <summary>Of a refused post-only order: where it would have rested.</summary>
        public long PostOnlyTicks;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Replay;

namespace Exchange.Core.Wire;

/// <summary>Commands as journal records: little-endian, only the part that the kind uses.</summary>
/// <remarks>
/// The record's kind is the command's, and above it in the second byte how much of the engine it took. Place: account, terms, and
/// the client id's text if there is one. ListInstrument: the instrument. All others: the fields before <see cref="Command.Terms"/>. Structs as words of 64 bits, behind a mask of those that
/// are not zero. The layout is part of the journal's version.
/// </remarks>
public static class CommandCodec
{
    /// <summary>Room that any command's record needs.</summary>
    public const int MaxBytes = Instrument.MaxEncodedBytes + 256;

    private static readonly int HeadWords = OffsetOfTerms() / sizeof(ulong);

    private const int CourseShift = 8;

    /// <summary>The kind of a command's record; 0x2ff at most.</summary>
    public static ushort RecordKind(CommandKind kind, InputCourse course) => (ushort)((int)kind | (int)course << CourseShift);

    /// <summary>How much of the engine a record's command took when it was written; of anything unknown: the whole.</summary>
    public static InputCourse CourseOf(ushort recordKind) =>
        recordKind >> CourseShift <= (int)InputCourse.Allowed ? (InputCourse)(recordKind >> CourseShift) : InputCourse.Whole;

    /// <summary>Writes a command; returns the bytes written.</summary>
    public static int Encode(in Command command, Instrument? listing, Span<byte> to)
    {
        switch (command.Kind)
        {
            case CommandKind.Place:
                int length = Pack(Words(in command.Terms), command.Account, to);
                if (command.ClientId.IsNone)
                    return length;
                MemoryMarshal.Write(to[length..], command.ClientId);
                return length + ClientOrderId.Capacity;
            case CommandKind.ListInstrument or CommandKind.ChangeInstrument:
                return listing!.Encode(to);
            default:
                return Pack(Words(in command)[..HeadWords], 0, to);
        }
    }

    /// <summary>Reads a record back.</summary>
    /// <exception cref="SnapshotException">It is no command this version knows.</exception>
    public static void Decode(ushort recordKind, ReadOnlySpan<byte> from, out Command command, out Instrument? listing)
    {
        int kind = CourseOf(recordKind) == InputCourse.Whole ? recordKind : recordKind & ((1 << CourseShift) - 1);
        command = default;
        listing = null;
        Check(kind <= (int)CommandKind.Time, kind, from.Length);
        switch ((CommandKind)kind)
        {
            case CommandKind.Place:
                int length = Unpack(from, WordsToFill(ref command.Terms), out command.Account);
                Check(length > 0 && (from.Length == length || from.Length == length + ClientOrderId.Capacity), kind, from.Length);
                command.Symbol = command.Terms.Symbol;
                if (from.Length > length)
                    command.ClientId = MemoryMarshal.Read<ClientOrderId>(from[length..]);
                break;
            case CommandKind.ListInstrument or CommandKind.ChangeInstrument:
                Check(Instrument.Decode(from, out listing, out int used) == InstrumentError.None && used == from.Length, kind, from.Length);
                break;
            default:
                int read = Unpack(from, WordsToFill(ref command)[..HeadWords], out _);
                Check(read > 0 && read == from.Length, kind, from.Length);
                break;
        }

        command.Kind = (CommandKind)kind;
    }

    private static ReadOnlySpan<ulong> Words<T>(ref readonly T value)
        where T : unmanaged => MemoryMarshal.Cast<T, ulong>(new ReadOnlySpan<T>(in value));

    private static Span<ulong> WordsToFill<T>(ref T value)
        where T : unmanaged => MemoryMarshal.Cast<T, ulong>(new Span<T>(ref value));

    /// <summary>Writes which words are not zero, and those: few of a command's fields are used at a time.</summary>
    private static int Pack(ReadOnlySpan<ulong> words, uint beside, Span<byte> to)
    {
        Invariant.Holds(to.Length >= (words.Length + 2) * sizeof(ulong));
        ref ulong next = ref Unsafe.As<byte, ulong>(ref to[0]);
        ulong mask = 0;
        int used = 1;
        for (int i = 0; i < words.Length; i++)
        {
            ulong word = words[i];
            Unsafe.Add(ref next, used) = word; // A zero is written over.
            ulong isUsed = word == 0 ? 0UL : 1UL;
            mask |= isUsed << i;
            used += (int)isUsed;
        }

        next = beside | mask << 32;
        return used * sizeof(ulong);
    }

    /// <summary>Reads words back into zeros; returns the bytes read, 0: these are none.</summary>
    private static int Unpack(ReadOnlySpan<byte> from, Span<ulong> words, out uint beside)
    {
        beside = 0;
        if (from.Length < sizeof(ulong))
            return 0;
        ulong first = MemoryMarshal.Read<ulong>(from);
        uint mask = (uint)(first >> 32);
        int bytes = (1 + BitOperations.PopCount(mask)) * sizeof(ulong);
        if (mask >> words.Length != 0 || bytes > from.Length)
            return 0;
        beside = (uint)(first & uint.MaxValue);
        for (int at = sizeof(ulong); mask != 0; mask &= mask - 1, at += sizeof(ulong))
            words[BitOperations.TrailingZeroCount(mask)] = MemoryMarshal.Read<ulong>(from[at..]);
        return bytes;
    }

    private static void Check(bool holds, int kind, int length)
    {
        if (!holds)
            throw new SnapshotException($"A journal record of kind {kind} with {length} bytes is no command of this version.");
    }

    private static int OffsetOfTerms()
    {
        Command command = default;
        return (int)Unsafe.ByteOffset(ref Unsafe.As<Command, byte>(ref command), ref Unsafe.As<OrderTerms, byte>(ref command.Terms));
    }
}

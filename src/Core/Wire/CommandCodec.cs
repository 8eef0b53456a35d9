using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Replay;

namespace Exchange.Core.Wire;

/// <summary>Commands as journal records: little-endian, only the part that the kind uses.</summary>
/// <remarks>
/// The record's kind is the command's, and above it in the second byte how much of the engine it took. Place: account, terms, and the client id's text if there is one. ListInstrument: the
/// instrument. All others: the fields before <see cref="Command.Terms"/>. The layout is part of the journal's version.
/// </remarks>
public static class CommandCodec
{
    /// <summary>Room that any command's record needs.</summary>
    public const int MaxBytes = Instrument.MaxEncodedBytes + 256;

    private static readonly int HeadBytes = OffsetOfTerms();

    private const int CourseShift = 8;

    /// <summary>The kind of a command's record; 0x2ff at most.</summary>
    public static ushort RecordKind(CommandKind kind, InputCourse course) => (ushort)((int)kind | (int)course << CourseShift);

    /// <summary>How much of the engine a record's command took when it was written; of anything unknown: the whole.</summary>
    public static InputCourse CourseOf(ushort recordKind) =>
        recordKind >> CourseShift <= (int)InputCourse.NoMessage ? (InputCourse)(recordKind >> CourseShift) : InputCourse.Whole;

    /// <summary>Writes a command; returns the bytes written.</summary>
    public static int Encode(in Command command, Instrument? listing, Span<byte> to)
    {
        switch (command.Kind)
        {
            case CommandKind.Place:
                MemoryMarshal.Write(to, command.Account);
                MemoryMarshal.Write(to[sizeof(uint)..], command.Terms);
                int length = sizeof(uint) + Unsafe.SizeOf<OrderTerms>();
                if (command.ClientId.IsNone)
                    return length;
                MemoryMarshal.Write(to[length..], command.ClientId);
                return length + ClientOrderId.Capacity;
            case CommandKind.ListInstrument:
                return listing!.Encode(to);
            default:
                ReadOnlySpan<Command> one = new(in command);
                MemoryMarshal.AsBytes(one)[..HeadBytes].CopyTo(to);
                return HeadBytes;
        }
    }

    /// <summary>Reads a record back.</summary>
    /// <exception cref="SnapshotException">It is no command this version knows.</exception>
    public static void Decode(ushort recordKind, ReadOnlySpan<byte> from, out Command command, out Instrument? listing)
    {
        int kind = CourseOf(recordKind) == InputCourse.Whole ? recordKind : recordKind & ((1 << CourseShift) - 1);
        command = default;
        listing = null;
        switch ((CommandKind)kind)
        {
            case CommandKind.Place:
                int length = sizeof(uint) + Unsafe.SizeOf<OrderTerms>();
                Check(from.Length == length || from.Length == length + ClientOrderId.Capacity, kind, from.Length);
                command.Account = MemoryMarshal.Read<uint>(from);
                command.Terms = MemoryMarshal.Read<OrderTerms>(from[sizeof(uint)..]);
                command.Symbol = command.Terms.Symbol;
                if (from.Length > length)
                    command.ClientId = MemoryMarshal.Read<ClientOrderId>(from[length..]);
                break;
            case CommandKind.ListInstrument:
                Check(Instrument.Decode(from, out listing, out int read) == InstrumentError.None && read == from.Length, kind, from.Length);
                break;
            default:
                Check(from.Length == HeadBytes && kind <= (int)CommandKind.Time, kind, from.Length);
                from.CopyTo(MemoryMarshal.AsBytes(new Span<Command>(ref command)));
                break;
        }

        command.Kind = (CommandKind)kind;
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

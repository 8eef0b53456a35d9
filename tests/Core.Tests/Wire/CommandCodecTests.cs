using System.Reflection;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Replay;
using Exchange.Core.Tests.Engines;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Wire;

/// <summary>A command comes back from the journal as it went in, and what is none is refused in words.</summary>
public sealed class CommandCodecTests
{
    [Fact]
    public void Every_command_of_a_script_comes_back_as_it_was()
    {
        byte[] payload = new byte[CommandCodec.MaxBytes];
        foreach (ScriptStep step in EngineScript.FromSeed(seed: 5, 3_000).Steps)
        {
            Command command = step.Command;
            if (command.Kind == CommandKind.ListInstrument)
                continue;
            if (command.Kind == CommandKind.Place)
            {
                command.ClientId = ClientOrderId.From("my-order"u8);
                command.Symbol = command.Terms.Symbol; // Named twice, kept once.
            }
            else
            {
                command.Terms = default;
            }

            int length = CommandCodec.Encode(in command, null, payload);
            CommandCodec.Decode((ushort)command.Kind, payload.AsSpan(0, length), out Command read, out _);
            Assert.Equal(FieldsOf(command), FieldsOf(read));
        }
    }

    [Fact]
    public void All_bits_of_all_fields_are_kept()
    {
        byte[] payload = new byte[CommandCodec.MaxBytes];
        foreach (CommandKind kind in (CommandKind[])[CommandKind.Place, CommandKind.Amend])
        {
            Command command = default;
            Span<byte> bytes = MemoryMarshal.AsBytes(new Span<Command>(ref command));
            int terms = (int)Marshal.OffsetOf<Command>(nameof(Command.Terms));
            (kind == CommandKind.Place ? MemoryMarshal.AsBytes(new Span<OrderTerms>(ref command.Terms)) : bytes[..terms]).Fill(0x81);
            command.Kind = kind;
            command.Account = uint.MaxValue;
            if (kind == CommandKind.Place)
                command.Symbol = command.Terms.Symbol;
            int length = CommandCodec.Encode(in command, null, payload);
            CommandCodec.Decode((ushort)kind, payload.AsSpan(0, length), out Command read, out _);
            Assert.Equal(FieldsOf(command), FieldsOf(read));
        }
    }

    [Theory]
    [InlineData(CommandKind.Place)]
    [InlineData(CommandKind.Cancel)]
    public void What_is_cut_short_too_long_or_names_words_there_are_not_is_refused(CommandKind kind)
    {
        var command = new Command { Kind = kind, Account = 7, OrderId = 9 };
        command.Terms.Lots = 5;
        byte[] payload = new byte[CommandCodec.MaxBytes];
        int length = CommandCodec.Encode(in command, null, payload);
        for (int wrong = 0; wrong <= length + 8; wrong++)
        {
            if (wrong != length)
                Assert.Throws<SnapshotException>(() => CommandCodec.Decode((ushort)kind, payload.AsSpan(0, wrong), out _, out _));
        }

        payload[7] |= 0x80;
        Assert.Throws<SnapshotException>(() => CommandCodec.Decode((ushort)kind, payload.AsSpan(0, length), out _, out _));
    }

    [Fact]
    public void How_much_of_the_engine_it_took_is_beside_the_kind()
    {
        foreach (InputCourse course in Enum.GetValues<InputCourse>())
            Assert.Equal(course, CommandCodec.CourseOf(CommandCodec.RecordKind(CommandKind.Time, course)));
        Assert.Equal(InputCourse.Whole, CommandCodec.CourseOf(ushort.MaxValue));
        Assert.Throws<SnapshotException>(() => CommandCodec.Decode(ushort.MaxValue, new byte[8], out _, out _));
    }

    private static string FieldsOf(object of) => string.Join(' ', of.GetType()
        .GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Select(field => $"{field.Name}={(field.FieldType == typeof(OrderTerms) ? FieldsOf(field.GetValue(of)!) : TextOf(field.GetValue(of)!))}"));

    private static string? TextOf(object value) => value is ClientOrderId id ? id.Text() : value.ToString();
}

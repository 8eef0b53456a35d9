using System.Buffers.Binary;
using System.Diagnostics;
using Exchange.Core.Books;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Books;

/// <summary>The book's tables do not check indexes in Release, so nothing in a snapshot's bytes may become one.</summary>
/// <remarks>A checksum keeps accidents out; this is somebody who computes it anew. In a build of Debug the tables check, and end the run.</remarks>
public sealed class HostileSnapshotTests
{
    private const int CommandsBefore = 150;
    private const int CommandsAfter = 150;
    private static readonly uint[] Lies = [uint.MaxValue, int.MaxValue, 0x8000_0000, 0, 1, 2, 4_095, 1 << 20];

    [Fact]
    public void A_book_with_any_word_replaced_is_refused_or_goes_on_in_its_own_memory()
    {
        int refused = 0, restored = 0;
        int scripts = TestScale.Of(4, 60);
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
        {
            (byte[] whole, List<BookInput> rest, BookSetting setting) = Written(seed);
            for (int at = 0; at <= whole.Length - sizeof(uint); at += sizeof(uint) / 2)
            {
                byte[] bytes = [.. whole];
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Lies[(at / 2 + (int)seed) % Lies.Length]);
                if (GoesOn(bytes, rest, setting))
                    restored++;
                else
                    refused++;
            }
        }

        Assert.True(refused > 500 && restored > 500, $"{refused} refused, {restored} restored");
    }

    [Fact]
    public void A_book_cut_anywhere_is_refused()
    {
        (byte[] whole, List<BookInput> rest, BookSetting setting) = Written(seed: 1);
        for (int length = 0; length < whole.Length; length += 7)
            Assert.False(GoesOn(whole[..length], rest, setting));
        Assert.True(GoesOn(whole, rest, setting));
    }

    /// <summary>A snapshot in the middle of a script, and what comes after it.</summary>
    private static (byte[] Snapshot, List<BookInput> After, BookSetting Setting) Written(ulong seed)
    {
        BookScript script = BookScript.FromSeed(seed, BookSetting.Narrow(seed), CommandsBefore + CommandsAfter);
        var naive = BookScriptReader.NewNaive(script.Setting);
        FastBook fast = New(script.Setting);
        var reader = new BookScriptReader(naive, script.Setting);
        foreach (BookInput input in reader.Opening)
        {
            naive.Apply(input);
            fast.Apply(input);
        }

        var snapshot = new SnapshotWriter();
        var rest = new List<BookInput>();
        for (int i = 0; i < script.Codes.Count; i++)
        {
            if (i == CommandsBefore)
                fast.Inner.Snapshot(snapshot);
            BookInput input = reader.Read(script.Codes[i]);
            reader.Note(input, naive.Apply(input));
            if (i < CommandsBefore)
                fast.Apply(input);
            else
                rest.Add(input);
        }

        return (snapshot.Written.ToArray(), rest, script.Setting);
    }

    private static FastBook New(BookSetting setting) =>
        new(BookScriptReader.Instrument, outboxPerAccount: setting.OutboxPerAccount, outboxPerBook: setting.OutboxPerBook);

    private static bool GoesOn(byte[] bytes, List<BookInput> rest, BookSetting setting)
    {
        FastBook book = New(setting);
        try
        {
            book.Inner.Restore(new SnapshotReader(bytes));
        }
        catch (Exception e) when (IsOrderly(e))
        {
            return false;
        }

        try
        {
            foreach (BookInput input in rest)
                book.Apply(input);
            book.Inner.CheckInvariants();
        }
        catch (Exception e) when (IsOrderly(e))
        {
            // The lie came to light later; a host stops then.
        }

        return true;
    }

    private static bool IsOrderly(Exception e) => e is SnapshotException or InvariantException or ArithmeticException
        or IndexOutOfRangeException or ArgumentException or NullReferenceException or InvalidOperationException or UnreachableException;
}

using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Wire;

public sealed class SnapshotTests
{
    private static readonly uint Outer = SnapshotTag.Of("OUTR");
    private static readonly uint Inner = SnapshotTag.Of("INNR");

    [Fact]
    public void What_was_written_is_read_back_in_order()
    {
        var reader = new SnapshotReader(Sample());

        reader.BeginSection(Outer);
        Assert.Equal(-1, reader.ReadInt64());
        Assert.Equal(ulong.MaxValue, reader.ReadUInt64());
        reader.BeginSection(Inner);
        Assert.Equal(Int128.MinValue, reader.ReadInt128());
        Assert.True(reader.ReadBool());
        reader.EndSection();
        Assert.Equal([(1, 2L), (3, 4L)], reader.ReadStructs<(int, long)>(max: 2));
        Assert.Equal((byte)9, reader.ReadByte());
        Assert.Equal((5, 6), reader.ReadStruct<(int, int)>());
        reader.EndSection();
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_snapshot_cut_anywhere_is_refused()
    {
        ReadOnlyMemory<byte> whole = Sample();
        for (int cut = 0; cut < whole.Length; cut++)
        {
            int length = cut;
            Assert.Throws<SnapshotException>(() => new SnapshotReader(whole[..length]).BeginSection(Outer));
        }
    }

    [Fact]
    public void Reading_another_section_too_little_too_much_or_too_many_is_refused()
    {
        var wrongTag = new SnapshotReader(Sample());
        Assert.Contains("INNR expected, OUTR found", Assert.Throws<SnapshotException>(() => wrongTag.BeginSection(Inner)).Message, StringComparison.Ordinal);

        var tooLittle = new SnapshotReader(Sample());
        tooLittle.BeginSection(Outer);
        Assert.Throws<SnapshotException>(tooLittle.EndSection);

        var tooMuch = new SnapshotReader(Sample());
        tooMuch.BeginSection(Outer);
        tooMuch.ReadInt128();
        tooMuch.BeginSection(Inner);
        tooMuch.ReadInt128();
        Assert.Throws<SnapshotException>(() => tooMuch.ReadInt32());

        var tooMany = new SnapshotReader(Structs(3));
        Assert.Throws<SnapshotException>(() => tooMany.ReadStructs<long>(max: 2));
    }

    [Fact]
    public void A_count_that_lies_is_refused_before_memory_is_taken()
    {
        var writer = new SnapshotWriter();
        writer.Write(int.MaxValue);
        writer.Write(1L);

        Assert.Throws<SnapshotException>(() => new SnapshotReader(writer.Written).ReadStructs<long>(int.MaxValue));
    }

    [Fact]
    public void Large_snapshots_grow_and_a_cleared_writer_starts_over()
    {
        var writer = new SnapshotWriter(initialCapacity: 16);
        long[] many = [.. Enumerable.Range(0, 100_000).Select(i => (long)i)];
        writer.WriteStructs<long>(many);
        Assert.Equal(many, new SnapshotReader(writer.Written).ReadStructs<long>(many.Length));

        writer.Clear();
        writer.Write(5);
        Assert.Equal(4, writer.Written.Length);
    }

    private static ReadOnlyMemory<byte> Structs(int count)
    {
        var writer = new SnapshotWriter();
        writer.WriteStructs<long>(new long[count]);
        return writer.Written;
    }

    private static ReadOnlyMemory<byte> Sample()
    {
        var writer = new SnapshotWriter();
        writer.BeginSection(Outer);
        writer.Write(-1L);
        writer.Write(ulong.MaxValue);
        writer.BeginSection(Inner);
        writer.Write(Int128.MinValue);
        writer.Write(true);
        writer.EndSection();
        writer.WriteStructs<(int, long)>([(1, 2L), (3, 4L)]);
        writer.Write((byte)9);
        writer.WriteStruct((5, 6));
        writer.EndSection();
        return writer.Written;
    }
}

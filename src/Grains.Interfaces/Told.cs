using System.Text.Json;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>What a reader asked for: a view of the port, never changed once made.</summary>
public sealed record Told<T>(T Value);

/// <summary>Views between silos, as JSON: they are asked for by people and programs, not on an order's way.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class ToldCodec<T> : WireCodec<Told<T>>
{
    protected override void Write(Told<T> value, SnapshotWriter to) => to.WriteStructs<byte>(JsonSerializer.SerializeToUtf8Bytes(value.Value));

    protected override Told<T> Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new SnapshotReader(bytes);
        return new Told<T>(JsonSerializer.Deserialize<T>(from.ReadStructs<byte>(from.Left))!);
    }
}

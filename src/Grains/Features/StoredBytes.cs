using Orleans.Storage;

namespace Exchange.Grains.Features;

/// <summary>What a grain keeps in grain storage: bytes in the form of its machine, which says its version itself.</summary>
[GenerateSerializer]
public sealed class StoredBytes
{
    /// <summary>The storage that silos have for what decides nothing.</summary>
    public const string Storage = "derived";

    [Id(0)] public ReadOnlyMemory<byte> Bytes { get; set; }
}

/// <summary>Stores them as they are.</summary>
public sealed class StoredBytesSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(((StoredBytes)(object)input!).Bytes);

    public T Deserialize<T>(BinaryData input) => (T)(object)new StoredBytes { Bytes = input.ToMemory() };
}

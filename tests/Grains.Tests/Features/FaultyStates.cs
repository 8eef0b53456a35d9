using Exchange.Grains.Features;
using Orleans.Runtime;
using Orleans.Storage;

namespace Exchange.Grains.Tests.Features;

/// <summary>What becomes of a call to grain storage.</summary>
internal enum StateFault
{
    None = 0,

    /// <summary>It is not done, and the caller is told.</summary>
    Refuse = 1,

    /// <summary>It is done, and the caller is told that it failed.</summary>
    LoseAnswer = 2,
}

/// <summary>Grain storage in memory, shared by all silos, that fails as a test orders. A row's version is its ETag.</summary>
internal sealed class FaultyStates : IGrainStorage
{
    private readonly Lock _entering = new();
    private readonly Dictionary<GrainId, (byte[] Bytes, int Version)> _rows = [];

    public StateFault OnRead { get; set; }

    public StateFault OnWrite { get; set; }

    /// <summary>Writes that were done.</summary>
    public int Writes { get; private set; }

    /// <summary>Null: it has no row.</summary>
    public byte[]? Find(GrainId grain)
    {
        lock (_entering)
            return _rows.TryGetValue(grain, out (byte[] Bytes, int Version) row) ? row.Bytes : null;
    }

    /// <summary>Writes as another activation would.</summary>
    public void Overwrite(GrainId grain, byte[] bytes)
    {
        lock (_entering)
            _rows[grain] = (bytes, (_rows.TryGetValue(grain, out (byte[] Bytes, int Version) row) ? row.Version : 0) + 1);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (OnRead != StateFault.None)
            return Task.FromException(new IOException("The storage does not answer."));
        lock (_entering)
        {
            bool isThere = _rows.TryGetValue(grainId, out (byte[] Bytes, int Version) row);
            grainState.State = (T)(object)new StoredBytes { Bytes = isThere ? row.Bytes : default(ReadOnlyMemory<byte>) };
            grainState.ETag = isThere ? $"{row.Version}" : null;
            grainState.RecordExists = isThere;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Change(grainId, grainState, () =>
    {
        int version = int.Parse(grainState.ETag ?? "0") + 1;
        _rows[grainId] = (((StoredBytes)(object)grainState.State!).Bytes.ToArray(), version);
        return $"{version}";
    });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Change(grainId, grainState, () =>
    {
        _rows.Remove(grainId);
        return null;
    });

    private Task Change<T>(GrainId grain, IGrainState<T> state, Func<string?> change)
    {
        lock (_entering)
        {
            StateFault fault = OnWrite;
            if (fault == StateFault.Refuse)
                return Task.FromException(new IOException("The storage refuses."));
            string? tag = _rows.TryGetValue(grain, out (byte[] Bytes, int Version) row) ? $"{row.Version}" : null;
            if (tag != state.ETag)
                return Task.FromException(new InconsistentStateException("Another activation has written.", tag, state.ETag));
            string? changed = change();
            Writes++;
            if (fault == StateFault.LoseAnswer)
                return Task.FromException(new IOException("The storage's answer was lost."));
            state.ETag = changed;
            state.RecordExists = changed is not null;
            return Task.CompletedTask;
        }
    }
}

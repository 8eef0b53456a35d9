using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>The machine under test lost its power, or was killed, at a chosen step.</summary>
public sealed class SimulatedCrashException() : Exception("The simulated machine has stopped.");

/// <summary>What the power's loss leaves of what was not yet synced.</summary>
public enum CrashOutcome
{
    /// <summary>Nothing of it.</summary>
    Lose,

    /// <summary>All of it.</summary>
    Keep,

    /// <summary>Each sector of each write, or not; names up to some operation. By seed.</summary>
    Random,

    /// <summary>The process died, the machine did not: all of it, and still not synced.</summary>
    ProcessOnly,
}

/// <summary>Files in memory that behave as badly as files may. Deterministic: the same calls and seed, the same disk.</summary>
/// <remarks>
/// Writes are pending until a sync, by sectors of 512 bytes, which reach the disk in any order and number. Names are
/// pending until the folder's sync, and keep their order. A failed sync forgets what was pending, as Linux does: the
/// contents still read as written, yet are not on the disk, and the next sync succeeds.
/// </remarks>
public sealed partial class SimulatedDisk(int seed = 1) : IFileSystem
{
    public const int SectorBytes = 512;

    private readonly Random _random = new(seed);
    private Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Node> _durableNames = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Node>>> _pendingNames = [];
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _shares = new(StringComparer.Ordinal);
    private bool _dead;

    /// <summary>Calls that change something, so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The step at which the machine stops, in the middle of it; 0: never.</summary>
    public int CrashAtStep { get; set; }

    /// <summary>The step that fails; 0: none.</summary>
    public int FailAtStep { get; set; }

    /// <summary>errno of that failure; 0: a short write.</summary>
    public int FailWith { get; set; } = 5;

    /// <summary>Steps made after the failure: an honest journal makes none.</summary>
    public int StepsAfterFailure { get; private set; }

    /// <summary>The operation that failed.</summary>
    public string? FailedOperation { get; private set; }

    /// <summary>Its file.</summary>
    public string? FailedPath { get; private set; }

    /// <summary>Operations in order, for a failing test's message.</summary>
    public List<string> Log { get; } = [];

    public long CapacityBytes { get; set; } = long.MaxValue;

    public IFile Create(string path)
    {
        if (_names.ContainsKey(path))
            throw Error("Creation", path, 17);
        var node = new Node();
        BeginStep("create", path);
        ChangeNames(names => names[path] = node);
        EndStep();
        return new SimulatedFile(this, path, node);
    }

    public IFile Open(string path) => new SimulatedFile(this, path, Find(path));

    public IFile OpenRead(string path) => new SimulatedFile(this, path, Find(path));

    public bool Exists(string path)
    {
        CheckAlive();
        return _names.ContainsKey(path);
    }

    public IReadOnlyList<string> List(string directory)
    {
        CheckAlive();
        return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == directory)
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    public void Rename(string path, string newPath)
    {
        Node node = Find(path);
        BeginStep("rename", path);
        ChangeNames(names =>
        {
            names.Remove(path);
            names[newPath] = node;
        });
        EndStep();
    }

    public void Delete(string path)
    {
        Find(path);
        BeginStep("delete", path);
        ChangeNames(names => names.Remove(path));
        EndStep();
    }

    public void SyncDirectory(string directory)
    {
        BeginStep("sync directory", directory);
        EndStep();
        foreach (Action<Dictionary<string, Node>> change in _pendingNames)
            change(_durableNames);
        _pendingNames.Clear();
    }

    public long FreeBytes(string directory) => CapacityBytes - _names.Values.Sum(node => (long)node.Current.Length);

    public IDisposable? TryLock(string path)
    {
        CheckAlive();
        return _shares.GetValueOrDefault(path) == 0 && _locks.Add(path) ? new Held(() => _locks.Remove(path)) : null;
    }

    public IDisposable? TryShare(string path)
    {
        CheckAlive();
        if (_locks.Contains(path))
            return null;
        _shares[path] = _shares.GetValueOrDefault(path) + 1;
        return new Held(() => _shares[path]--);
    }

    /// <summary>Starts the machine again, with what the crash has left.</summary>
    public void Restart(CrashOutcome outcome)
    {
        _dead = false;
        CrashAtStep = 0;
        FailAtStep = 0;
        _locks.Clear();
        _shares.Clear();
        if (outcome == CrashOutcome.ProcessOnly)
            return;

        HashSet<Node> nodes = [.. _names.Values, .. _durableNames.Values];
        foreach (Node node in nodes)
            node.LosePower(outcome, _random);
        int kept = outcome switch
        {
            CrashOutcome.Lose => 0,
            CrashOutcome.Keep => _pendingNames.Count,
            _ => _random.Next(_pendingNames.Count + 1),
        };
        foreach (Action<Dictionary<string, Node>> change in _pendingNames.Take(kept))
            change(_durableNames);
        _pendingNames.Clear();
        _names = new(_durableNames, StringComparer.Ordinal);
    }

    /// <summary>A copy of all contents as they read now, all of it durable.</summary>
    public SimulatedDisk Image()
    {
        var copy = new SimulatedDisk { CapacityBytes = CapacityBytes };
        foreach ((string path, Node node) in _names)
            copy._names[path] = copy._durableNames[path] = new Node(node.Current);
        return copy;
    }

    /// <summary>The bytes themselves: a change here is damage.</summary>
    public byte[] Contents(string path) => Find(path).Current;

    public void Replace(string path, byte[] contents) => _names[path] = _durableNames[path] = new Node(contents);

    public void Remove(string path)
    {
        _names.Remove(path);
        _durableNames.Remove(path);
    }

    public IEnumerable<string> Paths => _names.Keys.Order(StringComparer.Ordinal);

    private Node Find(string path)
    {
        CheckAlive();
        return _names.TryGetValue(path, out Node? node) ? node : throw Error("Opening", path, 2);
    }

    private void ChangeNames(Action<Dictionary<string, Node>> change)
    {
        change(_names);
        _pendingNames.Add(change);
    }

    private void CheckAlive()
    {
        if (_dead)
            throw new SimulatedCrashException();
    }

    private void BeginStep(string operation, string path)
    {
        CheckAlive();
        Steps++;
        Log.Add($"{Steps} {operation} {Path.GetFileName(path)}");
        if (FailedOperation is not null)
            StepsAfterFailure++;
        if (Steps != FailAtStep)
            return;
        FailedOperation = operation;
        FailedPath = path;
        bool failsLater = FailWith == 0 && operation == "write";
        if (!failsLater)
            throw Error(operation, path, FailWith == 0 ? 5 : FailWith);
    }

    private void EndStep()
    {
        if (Steps != CrashAtStep)
            return;
        _dead = true;
        throw new SimulatedCrashException();
    }

    private static StorageException Error(string operation, string path, int errorNumber) =>
        new(operation, path, errorNumber, "simulated");

    private sealed class Held(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}

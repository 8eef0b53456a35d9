using System.Diagnostics;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Disks;

/// <summary>A disk whose syncs wait or fail when told to, in the eyes of a real server.</summary>
internal sealed class FaultyDisk : IDisposable
{
    private const string Wait = "w";
    private const string Fail = "f";
    private readonly DataFolder _own = new();

    private string Library => _own.File("faulty-disk.so");

    private string Order => _own.File("order");

    /// <summary>False while the disk is told to fail: then nobody has synced since the sync that failed.</summary>
    public bool WasSyncedAfterItFailed => !File.Exists(Order);

    public ServerSettings Settings => new()
    {
        Variables = new Dictionary<string, string?> { ["LD_PRELOAD"] = Library, ["FAULTY_DISK"] = Order },
    };

    /// <summary>Compiles the fault; skips the test where that cannot be done.</summary>
    public static FaultyDisk Create()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A library is loaded in front of libc: Linux only.");
        var disk = new FaultyDisk();
        string source = RepositoryRoot.Combine("tests", "Acceptance", "Disks", "faulty-disk.cpp");
        try
        {
            using Process compiler = Process.Start("g++", ["-O1", "-shared", "-fPIC", "-o", disk.Library, source]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            disk.Dispose();
            Skip.If(true, "g++ absent");
        }

        return disk;
    }

    public void Stall() => File.WriteAllText(Order, Wait);

    public void GoOn() => File.Delete(Order);

    public void FailSyncs() => File.WriteAllText(Order, Fail);

    public void Dispose() => _own.Dispose();
}

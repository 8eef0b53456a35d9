using System.Diagnostics;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Disks;

/// <summary>A file system of a few megabytes in a test's folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private readonly DataFolder _folder;

    private SmallDisk(DataFolder folder) => _folder = folder;

    /// <summary>Mounts it over the folder; skips the test where that is not allowed.</summary>
    public static SmallDisk Mount(DataFolder folder, int megabytes)
    {
        Skip.IfNot(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder.Path),
            "A tmpfs cannot be mounted here (that takes root).");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all space but so much.</summary>
    public void LeaveFree(long bytes)
    {
        using FileStream file = File.Open(_folder.File(Filler), FileMode.Append);
        byte[] block = new byte[4096];
        try
        {
            while (new DriveInfo(_folder.Path).AvailableFreeSpace > bytes)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException) when (bytes == 0)
        {
            // Full to the last byte.
        }
    }

    public void GiveBack() => File.Delete(_folder.File(Filler));

    public void Dispose() => Assert.True(Run("umount", "-l", _folder.Path), "umount failed");

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

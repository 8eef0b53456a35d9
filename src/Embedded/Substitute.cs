using System.Runtime.ExceptionServices;

namespace Exchange.Embedded;

/// <summary>A thread of its maker's priority that does what another one asks, while that waits.</summary>
/// <remarks>A thread that has once taken the kernel's idle class may not leave it again, and hands it on to those it starts.</remarks>
internal sealed class Substitute : IDisposable
{
    private readonly SemaphoreSlim _asked = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread _thread;
    private Action? _work;
    private ExceptionDispatchInfo? _failure;

    public Substitute(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when it is done; what it threw is thrown here.</summary>
    public void Do(Action work)
    {
        _work = work;
        _failure = null;
        _asked.Release();
        _done.Wait();
        _failure?.Throw();
    }

    /// <summary>Ends the thread; nobody asks for anything any more.</summary>
    public void Dispose()
    {
        if (!_thread.IsAlive)
            return;
        _work = null;
        _asked.Release();
        _thread.Join();
        _asked.Dispose();
        _done.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _asked.Wait();
            if (_work is not { } work)
                return;
            try
            {
                work();
            }
#pragma warning disable CA1031 // It is thrown where it was asked for.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _done.Release();
        }
    }
}

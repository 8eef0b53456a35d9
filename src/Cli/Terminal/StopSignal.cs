using System.Runtime.InteropServices;

namespace Exchange.Cli.Terminal;

/// <summary>Ctrl-C or SIGTERM as a cancellation: the command ends by itself, with its own exit code.</summary>
/// <remarks>The command line library's own handling answers a signal with 130 or 143 however the command ended.</remarks>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignal()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public CancellationToken Token => _stopped.Token;

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stopped.Cancel();
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stopped.Dispose();
    }
}

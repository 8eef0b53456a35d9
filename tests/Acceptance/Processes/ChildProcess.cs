using System.Diagnostics;
using System.Text;

namespace Exchange.Acceptance.Processes;

/// <summary>A process of one test: its output is kept, and it never outlives the test, nor the test's own process.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Process _guard;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<string, bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private int _openStreams = 2;

    private ChildProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _guard = StartGuard(_process.Id);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has written so far, to standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Set for it, over what this process has; null removes.</param>
    public static ChildProcess Start(string folder, IReadOnlyDictionary<string, string?> environment, params ReadOnlySpan<string> command)
    {
        // A test run in the background ignores interrupts, and so would its children: this gives them back.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("--default-signal=INT");
        foreach (string argument in command)
            start.ArgumentList.Add(argument);
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(new Process { StartInfo = start });
    }

    public void Write(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until the output so far meets a condition.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message has the output.</exception>
    public async Task WaitForOutput(Func<string, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((condition, met));
            Check();
        }

        try
        {
            await met.Task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The output does not show it after {Patience.TotalSeconds} s:\n{Output}", late);
        }
    }

    public void Signal(int signal) => ProcessSignal.Send(Id, signal);

    /// <summary>Waits for the end, and for the last of the output.</summary>
    /// <param name="longest">For what may take longer than a minute.</param>
    public async Task<int> WaitForExit(TimeSpan? longest = null)
    {
        using var patience = new CancellationTokenSource(longest ?? Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"Process {Id} still runs after {(longest ?? Patience).TotalSeconds} s:\n{Output}", late);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await WaitForExit();
        _process.Dispose();
        await _guard.StandardInput.WriteLineAsync("done");
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    /// <summary>Kills the child, and its own children, when this process ends without having said that it is done, however it ends.</summary>
    private static Process StartGuard(int processId)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (string argument in (string[])["-c", "read line || kill -9 $(cat /proc/$0/task/*/children) $0", $"{processId}"])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private void OnLine(string? line)
    {
        lock (_gate)
        {
            if (line is null)
                _openStreams--;
            else
                _output.Append(line).Append('\n');
            Check();
        }
    }

    private void Check()
    {
        string output = _output.ToString();
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Condition(output))
                _waiting[i].Met.TrySetResult();
            else if (_openStreams == 0)
                _waiting[i].Met.TrySetException(new InvalidOperationException($"The process ended before that:\n{output}"));
            else
                continue;
            _waiting.RemoveAt(i);
        }
    }
}

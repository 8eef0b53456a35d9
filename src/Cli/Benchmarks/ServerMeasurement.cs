using System.Diagnostics;
using System.Net.Sockets;
using Exchange.Cli.Http;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Benchmarks;

/// <summary>What a measurement of a running server found.</summary>
internal interface IServerReport
{
    string ToJson();

    string ToText();
}

/// <summary>A measurement of a running server, from its keys to what is printed.</summary>
internal static class ServerMeasurement
{
    /// <param name="title">Of the progress line.</param>
    /// <param name="keys">Path of the server's keys.</param>
    /// <param name="pid">The server's process, if its CPU time is to be told.</param>
    /// <param name="json">Prints one line of JSON.</param>
    /// <param name="measure">Measures, given the keys, the process (null without one) and whom to tell how far it is.</param>
    /// <returns>The command's exit code.</returns>
    public static int Run(
        string title, string keys, int? pid, bool json, TextWriter output, TextWriter error,
        Func<ServerKeys, Process?, Action<double>, IServerReport> measure)
    {
        IServerReport report;
        try
        {
            ServerKeys admin = ServerKeys.Load(keys);
            using Process? process = pid is { } id ? Process.GetProcessById(id) : null;
            report = ProgressLine.Run(title, progress => measure(admin, process, progress));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or SocketException or ArgumentException)
        {
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }

        output.WriteLine(json ? report.ToJson() : report.ToText());
        return ExchangeCommandLine.Done;
    }
}

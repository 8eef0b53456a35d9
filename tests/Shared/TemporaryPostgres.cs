using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Exchange.Tests.Shared;

/// <summary>A PostgreSQL server of its own in a temporary folder; it and the folder are gone soon after this process, however it ended.</summary>
/// <remarks>Durable as in production (fsync is on), small in memory and log. It does not run as root: as the user postgres, or nobody.</remarks>
internal sealed class TemporaryPostgres : IDisposable
{
    private const string User = "exchange";

    // One for all tests of an assembly that do not stop or reconfigure it; each makes a database of its own.
    private static readonly Lazy<TemporaryPostgres> Everyones = new(Start);

    private static readonly Lazy<string?> Binaries = new(FindBinaries);

    private readonly string _folder;
    private readonly Process _watchdog;
    private int _databases;
    private bool _isDisposed;

    private TemporaryPostgres(string folder, Process watchdog)
    {
        _folder = folder;
        _watchdog = watchdog;
    }

    /// <summary>Whether there is a server to run.</summary>
    public static bool IsInstalled => Binaries.Value is not null;

    /// <summary>The assembly's server; the test is skipped where none is installed.</summary>
    public static TemporaryPostgres Shared
    {
        get
        {
            SkipIfAbsent();
            return Everyones.Value;
        }
    }

    /// <summary>On the loopback address.</summary>
    public int Port { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    private static string Binary(string name) => Path.Combine(Binaries.Value!, name);

    public static void SkipIfAbsent() => Skip.IfNot(IsInstalled, "no PostgreSQL server is installed (Debian: apt-get install postgresql)");

    /// <summary>A server for one test, to be stopped and reconfigured; the test is skipped where none is installed.</summary>
    public static TemporaryPostgres Start()
    {
        SkipIfAbsent();
        string folder = Directory.CreateTempSubdirectory("exchange-pg-").FullName;
        var server = new TemporaryPostgres(folder, StartWatchdog(folder));
        try
        {
            server.Create();
            server.StartServer();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string, by TCP.</returns>
    public string CreateDatabase()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        Sql("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name, Port);
    }

    /// <summary>A database through another port: a proxy's.</summary>
    public static string Through(int port, string connectionString) =>
        ConnectionString(connectionString.Split("Database=")[1].Split(';')[0], port);

    /// <summary>Runs a statement as the superuser and returns what it prints, without headings.</summary>
    public string Sql(string database, string statement) => RunAsOwner(Binary("psql"),
        "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", _folder, "-p", Text(Port), "-U", User, "-d", database, "-c", statement).Trim();

    /// <summary>Changes a setting that needs no restart, for sessions that exist too.</summary>
    public void Configure(string setting, string value)
    {
        Sql("postgres", $"ALTER SYSTEM SET {setting} = '{value}'");
        Sql("postgres", "SELECT pg_reload_conf()");
    }

    /// <summary>Gives it a folder outside its own.</summary>
    public void Own(string folder)
    {
        if (Environment.IsPrivilegedProcess)
            Run("chown", Owner(), folder);
    }

    /// <summary>Ends it: "fast" in order, cutting off sessions; "immediate" as a crash does, to recover from its log.</summary>
    public void Stop(string mode) => RunAsOwner(Binary("pg_ctl"), "-D", Data, "-m", mode, "-w", "stop");

    /// <summary>Kills every process of it at once, as the kernel does when memory runs out.</summary>
    public void Kill()
    {
        using Process server = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture));
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
        File.Delete(Path.Combine(Data, "postmaster.pid"));   // its number may soon be another process's
    }

    /// <summary>Starts it again, on the same port.</summary>
    public void StartServer()
    {
        string options = $"-c port={Text(Port)} -c unix_socket_directories={_folder}";
        RunAsOwner(Binary("pg_ctl"), "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o", options, "start");
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _watchdog.StandardInput.Close();
        _watchdog.WaitForExit();
        _watchdog.Dispose();
    }

    private static string ConnectionString(string database, int port) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={User};Database={database};Include Error Detail=true");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? FindBinaries()
    {
        string[] candidates =
        [
            Environment.GetEnvironmentVariable("EXCHANGE_POSTGRES_BIN") ?? "",
            .. Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
                : [],
            "/usr/local/bin", "/usr/bin",
        ];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    /// <summary>A shell that waits for the end of its input, which is this process's end at the latest, and then removes the server.</summary>
    private static Process StartWatchdog(string folder)
    {
        const string Script = """
            trap '' INT TERM HUP
            read -r _
            pid="$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)"
            if [ -n "$pid" ]; then
                kill -QUIT "$pid" 2> /dev/null
                tries=0
                while kill -0 "$pid" 2> /dev/null && [ "$tries" -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
            fi
            rm -rf "$1"
            """;
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-c", Script, "sh", folder])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        // Below the range from which clients get theirs: so nobody takes it while the server restarts.
        var random = new Random();
        while (true)
        {
            int port = random.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another.
            }
        }
    }

    private void Create()
    {
        Own(_folder);
        RunAsOwner(Binary("initdb"), "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        Port = FreePort();
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), """

            listen_addresses = '127.0.0.1'
            max_connections = 600
            shared_buffers = 64MB
            min_wal_size = 128MB
            max_wal_size = 256MB
            log_min_messages = fatal
            """);
    }

    /// <summary>The server refuses to run as root.</summary>
    private static string Owner() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private string RunAsOwner(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Run("runuser", ["-u", Owner(), "--", program, .. arguments])
        : Run(program, arguments);

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}{output.Result}");
    }
}

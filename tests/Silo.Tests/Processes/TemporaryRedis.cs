using Exchange.Silo.Hosting;
using Exchange.Acceptance.Processes;

namespace Exchange.Silo.Tests.Processes;

/// <summary>A Redis of one test, which keeps nothing.</summary>
internal sealed class TemporaryRedis : IAsyncDisposable
{
    /// <summary>Debian has the server's program in redis-tools under this name; it looks at the name it is called by.</summary>
    private const string Program = "redis-check-rdb";

    private readonly ChildProcess _process;
    private readonly string _folder;

    private TemporaryRedis(ChildProcess process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Settings = $"127.0.0.1:{port}";
    }

    /// <summary>As <see cref="Hosting.SiloOptions.Redis"/> takes it.</summary>
    public string Settings { get; }

    public static async Task<TemporaryRedis> Start()
    {
        bool isInstalled = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, Program)));
        Skip.IfNot(isInstalled, "no Redis server is installed (Debian: apt-get install redis-tools)");
        Skip.IfNot(Hosting.RedisClustering.Check("127.0.0.1:1") is null, "the silo was built without the client of Redis");
        string folder = Directory.CreateTempSubdirectory("exchange-redis-").FullName;
        int port = LoopbackPort.Free();
        var redis = new TemporaryRedis(ChildProcess.Start(folder, new Dictionary<string, string?>(), [
            "bash", "-c", $"exec -a redis-server {Program} \"$@\"", "redis-server",
            "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder,
        ]), folder, port);
        try
        {
            await redis._process.WaitForOutput(output => output.Contains("Ready to accept connections", StringComparison.Ordinal));
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

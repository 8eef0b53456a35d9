using System.IO.Compression;
using System.Xml.Linq;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Golden;

/// <summary>F10: the whole folder of a server as each version left it, keys and side files too, starts as what it was or is refused by name.</summary>
/// <remarks>
/// Kept here as VERSION-stopped.zip (an orderly stop) and VERSION-killed.zip (commands behind the snapshot). A version that cannot take an
/// older one's folder says so beside it: the sentence in NAME.refused must then be in the server's. With EXCHANGE_WRITE_GOLDEN set, the
/// folders of the present version are added.
/// </remarks>
public sealed class GoldenFolderTests : IDisposable
{
    private const string WriteVariable = "EXCHANGE_WRITE_GOLDEN";
    private const string SeenName = "seen.txt";
    private const int CannotStart = 3;
    private static readonly string s_golden = RepositoryRoot.Combine("tests", "Acceptance", "Golden", "folders");
    private readonly DataFolder _folder = new();

    public static TheoryData<string> Folders => [.. Directory.EnumerateFiles(s_golden, "*.zip").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Of the build, as its journals say.</summary>
    private static string Version { get; } =
        XDocument.Load(RepositoryRoot.Combine("Directory.Build.props")).Descendants("Version").Single().Value;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_folder_starts_as_what_it_was_or_is_refused_by_name(string name)
    {
        ZipFile.ExtractToDirectory(Path.Combine(s_golden, $"{name}.zip"), _folder.Path);
        string seen = await File.ReadAllTextAsync(_folder.File(SeenName));
        File.Delete(_folder.File(SeenName));

        if (RefusalOf(name) is { } refusal)
        {
            (int exitCode, string output) = await ServerProcess.Refuse(_folder);
            Assert.Contains(refusal, output, StringComparison.Ordinal);
            Assert.Equal(CannotStart, exitCode);
            return;
        }

        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            Assert.Equal(seen, await Seen(server));
            using ApiClient alice = server.As("alice");
            (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49000","qty":"0.01"}""")).Required(201);
            Assert.Equal(0, await server.Stop());
        }

        await using ChildProcess verify = CommandLine.Start(_folder, "verify", _folder.Path);
        Assert.True(await verify.WaitForExit() == 0, verify.Output);
    }

    /// <summary>A new version's folders are kept from its first day on: later ones are held to them.</summary>
    [Fact]
    public void The_present_version_has_its_folders() =>
        Assert.All(
            (string[])["stopped", "killed"],
            end => Assert.True(File.Exists(Path.Combine(s_golden, $"{Version}-{end}.zip")), $"There is no {Version}-{end}.zip: run this class with {WriteVariable}=1."));

    [SkippableFact]
    public async Task This_versions_folders_are_added()
    {
        Skip.If(Environment.GetEnvironmentVariable(WriteVariable) is null, $"only with {WriteVariable} set");
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            await Trade(server);
            Assert.Equal(0, await server.Stop());
        }

        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            await Trade(server);
            string seen = await Seen(server);
            await server.Kill();
            Add("killed", seen);
        }

        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            string seen = await Seen(server);
            Assert.Equal(0, await server.Stop());
            Add("stopped", seen);
        }
    }

    /// <summary>The sentence it must be refused with; null: it must start.</summary>
    private static string? RefusalOf(string name)
    {
        string said = Path.Combine(s_golden, $"{name}.refused");
        if (File.Exists(said))
            return File.ReadAllText(said).Trim();
        string version = name[..name.LastIndexOf('-')];
        return version != Version && name.EndsWith("-killed", StringComparison.Ordinal) ? $"version {version}" : null;
    }

    private static async Task Trade(ServerProcess server)
    {
        using ApiClient alice = server.As("alice");
        using ApiClient bob = server.As("bob");
        using ApiClient admin = server.As("admin");
        string turn = (await alice.Get("/api/v1/orders")).Required().Json.GetProperty("orders").GetArrayLength().ToString();
        (await alice.Place($$"""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01","clientOrderId":"rests-{{turn}}"}""")).Required(201);
        (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.004"}""")).Required(201);
        (await alice.Place("""{"symbol":"ETHUSDT","side":"buy","type":"limit","price":"2900","qty":"0.5"}""")).Required(201);
        (await alice.Patch($"/api/v1/orders/client:rests-{turn}", """{"qty":"0.02"}""")).Required();
        (await bob.Place("""{"symbol":"BTCUSDT","side":"sell","type":"limit","price":"51000","qty":"0.3"}""")).Required(201);
        ApiReply placed = (await bob.Place("""{"symbol":"ETHUSDT","side":"sell","type":"limit","price":"3900","qty":"0.3"}""")).Required(201);
        (await bob.Delete($"/api/v1/orders/{placed["orderId"]}")).Required();
        // Flat again: what funding takes while the folder lies here would change what is seen.
        (await bob.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49950","qty":"0.004"}""")).Required(201);
        (await alice.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.004"}""")).Required(201);
        (await admin.Put("/api/v1/features/BTCUSDT/news:-:sentiment", """{"value":"0.8","source":"wire"}""")).Required();
        (await admin.Post("/api/v1/admin/deposits", $$"""{"accountId":"1","transferId":"t{{turn}}","amount":"12.5"}""")).Required();
    }

    private static async Task<string> Seen(ServerProcess server)
    {
        List<string> seen = [];
        foreach (string name in (string[])["alice", "bob"])
        {
            using ApiClient client = server.As(name);
            foreach (string target in (string[])["account", "positions", "orders", "fills", "ledger", "trades/BTCUSDT", "orderbook/BTCUSDT", "orderbook/ETHUSDT"])
                seen.Add($"{name} {target}: {(await client.Get($"/api/v1/{target}")).Required().Text}");
        }

        return string.Join('\n', seen);
    }

    private void Add(string end, string seen)
    {
        string path = Path.Combine(s_golden, $"{Version}-{end}.zip");
        File.Delete(path);
        File.WriteAllText(_folder.File(SeenName), seen);
        ZipFile.CreateFromDirectory(_folder.Path, path, CompressionLevel.SmallestSize, includeBaseDirectory: false);
        File.Delete(_folder.File(SeenName));
    }
}

using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.StartUp;

/// <summary>A server that must not start says why in one line, by an exit code, and changes nothing.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private const int BadSetting = 2;
    private const int CannotStart = 3;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using ServerProcess first = await ServerProcess.Start(_folder);

        (int exitCode, string output) = await ServerProcess.Refuse(_folder);

        Expect(CannotStart, exitCode, $"{_folder.Path} is in use by another process", output);
        using ApiClient alice = first.As("alice");
        (await alice.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""")).Required(201);
    }

    [Fact]
    public async Task A_taken_port_is_refused_by_name()
    {
        await using ServerProcess first = await ServerProcess.Start(_folder);
        using var other = new DataFolder();

        (int exitCode, string output) = await ServerProcess.Refuse(other, new ServerSettings { Url = first.Address.ToString() });

        // The web server logs its own story besides.
        Assert.Contains(output.Split('\n'), line =>
            line.StartsWith("The server cannot start: ", StringComparison.Ordinal) && line.Contains($":{first.Address.Port}", StringComparison.Ordinal));
        Assert.Equal(CannotStart, exitCode);
    }

    [Fact]
    public async Task Production_without_a_folder_names_the_setting()
    {
        (int exitCode, string output) = await ServerProcess.Refuse(_folder, new ServerSettings { Environment = "Production", NamesFolder = false });

        Expect(BadSetting, exitCode, "'Data' (--data DIR)", output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("--QueueCapacity=many", "QueueCapacity")]
    [InlineData("--QueueCapacity=1", "QueueCapacity")]
    [InlineData("--NearlyFullBytes=-1", "NearlyFullBytes")]
    [InlineData("--SegmentBytes=4096", "SegmentBytes")]
    [InlineData("--Views:Fills=0", "Views:Fills")]
    public async Task A_setting_that_cannot_be_is_named_and_nothing_is_made(string argument, string name)
    {
        (int exitCode, string output) = await ServerProcess.Refuse(_folder, new ServerSettings { Arguments = [argument] });

        Expect(BadSetting, exitCode, name, output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("--Edge:MaxConnections=some")]
    [InlineData("--Edge:MaxConnections=-3")]
    [InlineData("--Edge:MaxStreams=0")]
    [InlineData("--Edge:CommandTimeoutMs=0")]
    [InlineData("--Edge:HeaderTimeoutMs=-1")]
    [InlineData("--Edge:MaxConections=5")]
    [InlineData("--Telemetry:OtlpEndpoint=collector")]
    public async Task A_bound_of_the_edge_that_cannot_be_is_named(string argument)
    {
        (int exitCode, string output) = await ServerProcess.Refuse(_folder, new ServerSettings { Arguments = [argument] });

        Expect(BadSetting, exitCode, argument.Split(':', '=')[1], output);
    }

    [Fact]
    public async Task Production_without_a_master_key_names_the_setting()
    {
        (int exitCode, string output) = await ServerProcess.Refuse(_folder, new ServerSettings { Environment = "Production" });

        Expect(CannotStart, exitCode, "Keys:MasterKey", output);
    }

    [Fact]
    public async Task Another_master_key_than_the_one_that_locked_the_keys_is_refused()
    {
        await using (ServerProcess server = await ServerProcess.Start(_folder))
            await server.Stop();
        var variables = new Dictionary<string, string?> { ["Keys__MasterKey"] = Convert.ToBase64String(new byte[32]) };

        (int exitCode, string output) = await ServerProcess.Refuse(_folder, new ServerSettings { Variables = variables });

        Expect(CannotStart, exitCode, "keys.json", output);
    }

    [Fact]
    public async Task A_flipped_byte_in_the_journal_is_refused_by_file_offset_and_sequence()
    {
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            using ApiClient alice = server.As("alice");
            foreach (string id in (string[])["one", "flip-me", "three"])
                (await alice.Place($$"""{"clientOrderId":"{{id}}","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""")).Required(201);
            await server.Kill();
        }

        string segment = _folder.Segments()[0];
        int offset = File.ReadAllBytes(segment).AsSpan().IndexOf("flip-me"u8);
        Assert.True(offset > 0);
        Flip(segment, offset);
        byte[] damaged = File.ReadAllBytes(segment);

        (int exitCode, string output) = await ServerProcess.Refuse(_folder);

        Expect(CannotStart, exitCode, $"{segment} is damaged at offset ", output);
        Assert.Matches(@"where sequence \d+ should be", output);
        Assert.True(damaged.AsSpan().SequenceEqual(File.ReadAllBytes(segment)), "A refused start changed the journal.");

        Flip(segment, offset);   // Put back from a copy, as it were.
        await using ServerProcess repaired = await ServerProcess.Start(_folder);
        using ApiClient again = repaired.As("alice");
        Assert.Equal("new", (await again.Get("/api/v1/orders/client:flip-me")).Required()["status"]);
    }

    private static void Flip(string path, int offset)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        int before = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(before ^ 1));
    }

    private static void Expect(int exitCode, int actual, string words, string output)
    {
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.Equal(exitCode, actual);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;
using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Keys;

/// <summary>What is kept of keys over restarts, and how the master key is changed.</summary>
public sealed class KeyFileTests : IDisposable
{
    // As the first version wrote it.
    private const string FirstFormat = """
        {
          "format": "exchange-keys/1",
          "keys": [
            {
              "keyId": "KEY",
              "accountId": 7,
              "permissions": [ "read", "trade" ],
              "createdAt": 1700000000000,
              "secret": "SECRET"
            }
          ],
          "tokens": []
        }
        """;

    private static readonly string Zeros = Convert.ToBase64String(new byte[32]);
    private static readonly string Ones = Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-keys-").FullName;

    private string KeysPath => Path.Combine(_folder, FileKeyStore.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Bounds_of_a_key_and_its_revocation_survive_a_restart()
    {
        string kept;
        string revoked;
        using (FileKeyStore store = Open(Zeros))
        {
            ApiKey key = (await store.Create(new KeyTerms(7, Permissions.Read)
            {
                Addresses = AddressList.Parse(["10.0.0.0/8", "2001:db8::1"])!, ExpiresMs = 1_800_000_000_000, MadeBy = "x",
            }))!;
            (kept, revoked) = (key.KeyId, (await store.Create(7, Permissions.Trade)).KeyId);
            await store.CreateToken(store.Find(revoked)!, Permissions.Trade, long.MaxValue);
            Assert.Equal(RevokeOutcome.Revoked, await store.Revoke(revoked));
        }

        using FileKeyStore again = Open(Zeros);

        KeyTerms terms = again.Find(kept)!.Terms;
        Assert.Equal("10.0.0.0/8 2001:db8::1", string.Join(' ', terms.Addresses.Texts));
        Assert.Equal((1_800_000_000_000, "x"), (terms.ExpiresMs, terms.MadeBy));
        Assert.Null(again.Find(revoked));
        Assert.Empty(JsonNode.Parse(File.ReadAllText(KeysPath))!["tokens"]!.AsArray());
    }

    [Fact]
    public async Task A_new_master_key_takes_over_in_one_start_with_both()
    {
        string keyId;
        string secret;
        using (FileKeyStore store = Open(Zeros))
        {
            ApiKey key = await store.Create(7, Permissions.Read);
            (keyId, secret) = (key.KeyId, key.RevealSecret());
        }

        Assert.Throws<InvalidOperationException>(() => Open($"2:{Ones}"));
        using (FileKeyStore both = Open($"1:{Zeros},2:{Ones}"))
            Assert.Equal(secret, both.Find(keyId)!.RevealSecret());

        using (FileKeyStore newer = Open($"2:{Ones}"))
            Assert.Equal(secret, newer.Find(keyId)!.RevealSecret());
        Assert.Throws<InvalidOperationException>(() => Open(Zeros));
    }

    [Fact]
    public async Task The_master_key_may_come_from_a_file()
    {
        string file = Path.Combine(_folder, "master");
        File.WriteAllText(file, $"1:{Zeros}, 2:{Ones}\n");
        using (FileKeyStore store = Open(null, file))
            await store.Create(7, Permissions.Read);

        using FileKeyStore again = Open($"2:{Ones}");

        Assert.Single(again.KeysOf(7));
    }

    [Theory]
    [InlineData("", "Set Keys:MasterKey")]
    [InlineData("short", "not base64 of 32 bytes")]
    [InlineData("0:ZERO", "not base64 of 32 bytes")]
    [InlineData("x:ZERO", "not base64 of 32 bytes")]
    [InlineData("1:ZERO,1:ZERO", "not base64 of 32 bytes")]
    [InlineData("1:ZERO,", "not base64 of 32 bytes")]
    public void A_master_key_that_is_none_stops_the_start_and_is_not_told(string text, string expected)
    {
        string message = Assert.Throws<InvalidOperationException>(() => Open(text.Replace("ZERO", Zeros))).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain(Zeros, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_master_keys_or_a_missing_file_stop_the_start()
    {
        Assert.Contains("not both", Assert.Throws<InvalidOperationException>(() => Open(Zeros, "file")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<InvalidOperationException>(() => Open(null, "/nowhere/at/all")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_first_format_is_read()
    {
        string secret;
        using (FileKeyStore store = Open(Zeros))
            secret = (await store.Create(7, Permissions.Read)).RevealSecret();

        JsonNode written = JsonNode.Parse(File.ReadAllText(KeysPath))!["keys"]!.AsArray().Single()!;
        File.WriteAllText(KeysPath, FirstFormat.Replace("SECRET", (string)written["secret"]!).Replace("KEY", (string)written["keyId"]!));
        using FileKeyStore again = Open(Zeros);

        ApiKey key = Assert.Single(again.KeysOf(7));
        Assert.Equal(secret, key.RevealSecret());
        Assert.Equal((Permissions.Read | Permissions.Trade, true, 0L), (key.Permissions, key.Terms.Addresses.IsAnywhere, key.Terms.ExpiresMs));
    }

    [Fact]
    public async Task A_secret_moved_to_another_key_does_not_open()
    {
        using (FileKeyStore store = Open(Zeros))
        {
            await store.Create(7, Permissions.Read);
            await store.Create(8, Permissions.Read);
        }

        JsonNode root = JsonNode.Parse(File.ReadAllText(KeysPath))!;
        root["keys"]![0]!["secret"] = (string)root["keys"]![1]!["secret"]!;
        File.WriteAllText(KeysPath, root.ToJsonString());

        Assert.Contains("was changed", Assert.Throws<InvalidOperationException>(() => Open(Zeros)).Message, StringComparison.Ordinal);
    }

    private FileKeyStore Open(string? masterKey, string? masterKeyFile = null) => new(
        new KeyStoreOptions { Folder = _folder, MasterKey = masterKey, MasterKeyFile = masterKeyFile }, isDevelopment: false, new ManualTime());
}

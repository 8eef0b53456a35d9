using Exchange.Core;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>F2, F3, F7: whatever happens to a byte of a venue's folder, a start refuses it by name or comes to the same state.</summary>
public sealed class VenueDamageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-damage-").FullName;
    private readonly Dictionary<string, byte[]> _intact;
    private readonly UInt128 _hash;

    public VenueDamageTests()
    {
        SmallVenue.Write(_folder, orders: 1_000);
        _intact = SmallVenue.ReadFiles(_folder);
        _hash = SmallVenue.Read(_folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_intact_folder_opens_from_each_snapshot_and_verifies()
    {
        Assert.Equal(_hash, VenueVerification.Run(_folder, TimeProvider.System).StateHash);
        SmallVenue.WriteFiles(_folder, _intact);
        File.Delete(Path.Combine(_folder, _intact.Keys.Where(SnapshotStore.Owns).Max(StringComparer.Ordinal)!));
        Assert.Equal(_hash, SmallVenue.Open(_folder));
    }

    [Fact]
    public void A_flipped_bit_is_told_by_name_or_harmless()
    {
        int told = 0;
        foreach ((string name, int at) in Places())
        {
            byte[] bytes = [.. _intact[name]];
            bytes[at] ^= (byte)(1 << (at % 8));
            told += Judge(name, bytes, $"{name}, bit of byte {at}") ? 1 : 0;
        }

        Assert.True(told > 100, $"{told} refused or passed over");
    }

    [Fact]
    public void A_file_cut_short_is_told_by_name_or_not_needed()
    {
        foreach ((string name, int at) in Places())
            Judge(name, _intact[name][..at], $"{name}, cut at {at}");
    }

    [Fact]
    public void A_sector_of_zeros_or_of_another_place_is_told_by_name_or_harmless()
    {
        foreach ((string name, int at) in Places())
        {
            int sector = at / 512 * 512;
            byte[] bytes = [.. _intact[name]];
            bytes.AsSpan(sector, Math.Min(512, bytes.Length - sector)).Clear();
            Judge(name, bytes, $"{name}, zeros at {sector}");
            int length = Math.Min(4_096, bytes.Length - sector);
            _intact[name].AsSpan(0, length).CopyTo(bytes.AsSpan(sector));
            Judge(name, bytes, $"{name}, its first block at {sector}");
        }
    }

    [Fact]
    public void A_missing_file_is_told_by_name_or_harmless()
    {
        foreach (string name in _intact.Keys)
        {
            SmallVenue.WriteFiles(_folder, _intact.Where(file => file.Key != name).ToDictionary(StringComparer.Ordinal));
            Exception? refusal = Record.Exception(() => Assert.Equal(_hash, SmallVenue.Open(_folder)));
            Assert.True(refusal is null or JournalException, $"{name}: {refusal}");
        }
    }

    /// <summary>Every boundary of a batch, and places at random; both sides of each.</summary>
    private IEnumerable<(string Name, int At)> Places()
    {
        var random = new Random(11);
        foreach ((string name, byte[] bytes) in _intact.Where(file => file.Value.Length > 0))
        {
            int end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            for (int boundary = 0; boundary <= end; boundary += 4_096)
            {
                foreach (int at in (int[])[boundary - 1, boundary, boundary + 20])
                {
                    if (at >= 0 && at < bytes.Length)
                        yield return (name, at);
                }
            }

            for (int i = 0; i < TestScale.Of(15, 5_000); i++)
                yield return (name, random.Next(bytes.Length));
        }
    }

    /// <summary>True: told by name.</summary>
    private bool Judge(string name, byte[] bytes, string what)
    {
        string path = Path.Combine(_folder, name);
        Put(path, bytes);
        bool isPassedOver = false;
        try
        {
            UInt128 hash = SmallVenue.Read(_folder, damaged => isPassedOver |= damaged.Path == path);
            Assert.True(hash == _hash, $"{what}: another state");
            return isPassedOver;
        }
        catch (Exception refusal) when (refusal is IOException or InvariantException or SnapshotException)
        {
            bool isNamed = refusal.Message.Contains(name, StringComparison.Ordinal) || refusal is JournalGapException;
            Assert.True(isNamed, $"{what}: {refusal.Message}");
            return true;
        }
        finally
        {
            Put(path, _intact[name]);
        }
    }

    /// <summary>In place: a file system may sync one that is written anew.</summary>
    private static void Put(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(bytes.Length);
        file.Write(bytes);
    }
}

using Exchange.Core.Port;
using Exchange.Embedded.Tests.Backups;

namespace Exchange.Embedded.Tests;

/// <summary>A client's place among the events of its account is good over an orderly stop, and never taken for another one.</summary>
public sealed class ResumeOverRestartTests : IDisposable
{
    private const uint Account = 1;
    private const int Most = 1_000;

    private readonly string _root = Directory.CreateTempSubdirectory("exchange-resume-").FullName;

    private string Folder => Path.Combine(_root, "venue");

    public ResumeOverRestartTests() => Directory.CreateDirectory(Folder);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task What_was_missed_before_and_after_orderly_stops_is_told_once_and_in_order()
    {
        OwnCursor place;
        using (EmbeddedExchange venue = Open(Folder))
        {
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
            await Deposit(venue, 1, 2);
            place = await End(venue);
            await Deposit(venue, 3);
        }

        OwnCursor behindAll;
        using (EmbeddedExchange venue = Open(Folder))
        {
            Assert.Equal((long[])[3], await Missed(venue, place));
            await Deposit(venue, 4);
            behindAll = await End(venue);
        }

        using EmbeddedExchange last = Open(Folder);
        Assert.Equal((long[])[3, 4], await Missed(last, place));
        Assert.Empty(await Missed(last, behindAll));
        await Deposit(last, 5);
        Assert.Equal((long[])[5], await Missed(last, behindAll));
    }

    [Fact]
    public async Task After_a_crash_all_places_are_too_old()
    {
        OwnCursor place;
        using (EmbeddedExchange venue = Open(Folder))
        {
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
            place = await End(venue);
        }

        using (EmbeddedExchange venue = Open(Folder, isOrderly: false))
            await Deposit(venue, 1);

        using EmbeddedExchange again = Open(Folder);
        Assert.Equal(CursorRefusal.TooOld, (await Subscribe(again, place)).Refusal);
    }

    [Fact]
    public async Task A_copy_of_the_venue_does_not_take_the_places_that_the_other_gave_after_it()
    {
        using (EmbeddedExchange venue = Open(Folder))
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
        string copy = Path.Combine(_root, "copy");
        Directory.CreateDirectory(copy);
        foreach (string path in Directory.EnumerateFiles(Folder))
            File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
        OwnCursor place;
        using (EmbeddedExchange venue = Open(Folder))
        {
            await Deposit(venue, 1);
            place = await End(venue);
        }

        using EmbeddedExchange other = Open(copy);
        await Deposit(other, 7, 8);

        Assert.Equal(CursorRefusal.TooOld, (await Subscribe(other, place)).Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(-1)]
    public async Task A_damaged_file_is_left_aside(int at)
    {
        OwnCursor place;
        using (EmbeddedExchange venue = Open(Folder))
        {
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
            await Deposit(venue, 1);
            place = await End(venue);
        }

        string path = Path.Combine(Folder, "own-events");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[(at + bytes.Length) % bytes.Length] ^= 1;
        File.WriteAllBytes(path, bytes);

        using EmbeddedExchange again = Open(Folder);
        Assert.Equal(CursorRefusal.TooOld, (await Subscribe(again, place)).Refusal);
    }

    private static EmbeddedExchange Open(string folder, bool isOrderly = true) =>
        EmbeddedExchange.Open(VenueLoad.Options(folder, snapshotOnStop: isOrderly, hasReplica: false), TimeProvider.System);

    private static async Task Deposit(EmbeddedExchange venue, params long[] amounts)
    {
        foreach (long amount in amounts)
            await venue.Submit(new Command { Kind = CommandKind.Deposit, Account = Account, Amount = amount }, CancellationToken.None);
    }

    private static async Task<OwnCursor> End(EmbeddedExchange venue)
    {
        using OwnSubscription subscription = await Subscribe(venue, null);
        return subscription.Begin;
    }

    /// <summary>The amounts of the deposits since.</summary>
    private static async Task<long[]> Missed(EmbeddedExchange venue, OwnCursor after)
    {
        using OwnSubscription subscription = await Subscribe(venue, after);
        Assert.Equal(CursorRefusal.None, subscription.Refusal);
        return [.. subscription.Missed.Select(missed => missed.Happened.Amount)];
    }

    private static async Task<OwnSubscription> Subscribe(EmbeddedExchange venue, OwnCursor? after)
    {
        // As a client does: its cursor goes through text.
        OwnCursor? read = after is { } cursor && OwnCursor.TryParse(cursor.ToString(), out OwnCursor parsed) ? parsed : null;
        return await venue.SubscribeAccount(Account, read, Most, new Nobody(), CancellationToken.None);
    }

    private sealed class Nobody : IOwnSubscriber
    {
        public void OnOwnEvents(ReadOnlySpan<OwnEvent> events)
        {
        }

        public void OnBroken()
        {
        }
    }
}

using Exchange.Core.Port;
using Exchange.Embedded.Backups;
using Exchange.Embedded.Tests.Backups;

namespace Exchange.Embedded.Tests;

/// <summary>A client's place among the events of its account is good over stops and crashes, and never taken for another one.</summary>
public sealed class ResumeOverRestartTests : IDisposable
{
    private const uint Account = 1;
    private const int Most = 1_000;
    private const int Kept = 1_024;

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

    /// <summary>Recovery makes the events behind its snapshot again; with the replica it begins at one of some moment.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_told_before_crashes_is_told_again_as_it_was(bool hasReplica)
    {
        OwnCursor begin = default;
        var heard = new Hearer();
        int deposits = 0;
        for (int start = 0; start < 3; start++)
        {
            using EmbeddedExchange venue = Open(Folder, isOrderly: false, hasReplica);
            if (start == 0)
            {
                await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
                await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = 2 }, CancellationToken.None);
                begin = await End(venue);
            }

            using OwnSubscription live = await Subscribe(venue, null, heard);
            for (int i = 0; i < 3_000; i++)
                await venue.Submit(new Command { Kind = CommandKind.Deposit, Account = 2, Amount = 1 }, CancellationToken.None);
            await Deposit(venue, ++deposits, ++deposits);
            if (hasReplica)
                await VenueLoad.CaughtUp(venue);
        }

        using EmbeddedExchange last = Open(Folder);
        using OwnSubscription again = await Subscribe(last, begin);
        Assert.Equal(heard.Events.Select(Text), again.Missed.Select(Text));
        for (int i = 0; i < deposits; i++)
            Assert.Equal(Enumerable.Range(i + 2, deposits - i - 1), (await Missed(last, heard.Events[i].Cursor)).Select(amount => (int)amount));
        Assert.Empty(await Missed(last, await End(last)));
    }

    [Fact]
    public async Task After_a_crash_what_lies_before_the_events_kept_is_too_old()
    {
        OwnCursor old, young;
        using (EmbeddedExchange venue = Open(Folder, isOrderly: false, eventsKept: Kept))
        {
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
            old = await End(venue);
            await Deposit(venue, 1);
            young = await End(venue);
            await Deposit(venue, [.. Enumerable.Range(2, Kept).Select(amount => (long)amount)]);
        }

        using EmbeddedExchange again = Open(Folder, eventsKept: Kept);
        Assert.Equal(CursorRefusal.TooOld, (await Subscribe(again, old, most: 2 * Kept)).Refusal);
        Assert.Equal(Kept, (await Subscribe(again, young, most: 2 * Kept)).Missed.Count);
    }

    [Fact]
    public async Task A_venue_restored_to_a_record_knows_the_places_up_to_it_only()
    {
        OwnCursor before, behind;
        ulong sequence;
        using (EmbeddedExchange venue = Open(Folder, isOrderly: false))
        {
            await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = Account }, CancellationToken.None);
            before = await End(venue);
            sequence = (await venue.Submit(new Command { Kind = CommandKind.Deposit, Account = Account, Amount = 1 }, CancellationToken.None)).Sequence;
            await Deposit(venue, 2);
            behind = await End(venue);
        }

        string copy = Path.Combine(_root, "copy");
        VenueRestore.Run(Folder, copy, sequence, VenueLoad.Version, TimeProvider.System);

        using EmbeddedExchange restored = Open(copy);
        await Deposit(restored, 7, 8);
        Assert.Equal((long[])[1, 7, 8], await Missed(restored, before));
        Assert.Equal(CursorRefusal.TooOld, (await Subscribe(restored, behind)).Refusal);
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

    /// <param name="isOrderly">False: what a crash leaves, the journal alone and snapshots of some moments before.</param>
    private static EmbeddedExchange Open(string folder, bool isOrderly = true, bool hasReplica = false, int eventsKept = 131_072) =>
        EmbeddedExchange.Open(VenueLoad.Options(folder, isOrderly, hasReplica, eventsKept), TimeProvider.System);

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

    private static async Task<OwnSubscription> Subscribe(EmbeddedExchange venue, OwnCursor? after, Hearer? hearer = null, int most = Most)
    {
        // As a client does: its cursor goes through text.
        OwnCursor? read = after is { } cursor && OwnCursor.TryParse(cursor.ToString(), out OwnCursor parsed) ? parsed : null;
        return await venue.SubscribeAccount(Account, read, most, hearer ?? new Hearer(), CancellationToken.None);
    }

    private static string Text(OwnEvent told) =>
        $"{told.Cursor.Number}: {told.Happened.Kind} {told.Happened.Amount} to {told.Happened.Money} at {told.Happened.Sequence}, {told.Happened.TimeMs}";

    private sealed class Hearer : IOwnSubscriber
    {
        public List<OwnEvent> Events { get; } = [];

        public void OnOwnEvents(ReadOnlySpan<OwnEvent> events) => Events.AddRange(events);

        public void OnBroken()
        {
        }
    }
}

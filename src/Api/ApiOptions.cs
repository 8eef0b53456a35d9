using System.ComponentModel.DataAnnotations;
using Exchange.Api.Demo;
using Exchange.Core.Views;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>What the server needs to be told: by appsettings, environment or command line.</summary>
internal sealed class ApiOptions
{
    /// <summary>Folder of the venue (<c>--data</c>). Development defaults to ./data; elsewhere it must be named.</summary>
    public string? Data { get; set; }

    /// <summary>Where the first administrator's key is written when the venue has no key at all; not used in Development.</summary>
    public string? AdminKeyFile { get; set; }

    /// <summary>Requests that may wait for the engine; beyond it they are refused with OVERLOADED.</summary>
    public int QueueCapacity { get; set; } = 8_192;

    /// <summary>Free disk space below which only cancels are taken, bytes.</summary>
    public long NearlyFullBytes { get; set; } = 512L << 20;

    /// <summary>Size of a journal file, bytes.</summary>
    public long SegmentBytes { get; set; } = 128L << 20;

    /// <summary>Whether a replica follows the journal, compares, takes snapshots and deletes old journal files while the venue runs.</summary>
    public bool Replica { get; set; } = true;

    /// <summary>Bytes of journal after which the replica takes a snapshot.</summary>
    public long SnapshotEveryBytes { get; set; } = 1L << 30;

    /// <summary>Inputs after which it does, if that is sooner.</summary>
    public long SnapshotEveryInputs { get; set; } = 20_000_000;

    /// <summary>Runs the request path on a throw-away venue before /health/ready says yes.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>How much history is kept for reading.</summary>
    public ViewLimits Views { get; set; } = new();

    /// <summary>A database for history.</summary>
    public HistorySettings History { get; set; } = new();

    /// <summary>The demo market (<c>--demo</c>).</summary>
    public DemoOptions Demo { get; set; } = new();

    /// <summary>Reads and checks them all.</summary>
    /// <param name="settings">Of appsettings, environment and command line.</param>
    /// <param name="isDevelopment">Development has a default folder.</param>
    /// <param name="options">What was read.</param>
    /// <param name="problem">Why it cannot be used, naming the setting; null: it can.</param>
    public static bool TryRead(IConfiguration settings, bool isDevelopment, out ApiOptions options, out string? problem)
    {
        try
        {
            options = settings.Get<ApiOptions>() ?? new ApiOptions();
            problem = options.Problem(isDevelopment);
        }
        catch (InvalidOperationException unreadable)
        {
            options = new ApiOptions();
            problem = unreadable.Message;
        }

        return problem is null;
    }

    private string? Problem(bool isDevelopment)
    {
        if (string.IsNullOrWhiteSpace(Data))
        {
            if (!isDevelopment)
                return "Setting 'Data' (--data DIR) is required: the folder the venue lives in. Only Development has a default.";
            Data = "data";
        }

        if (Demo.Problem(isDevelopment) is { } demo)
            return demo;
        if (QueueCapacity is < 16 or > 1_048_576)
            return "Setting 'QueueCapacity' is from 16 to 1048576.";
        if (NearlyFullBytes < 0)
            return "Setting 'NearlyFullBytes' is not negative.";
        if (SnapshotEveryBytes < ReplicaOptions.LeastBytes)
            return $"Setting 'SnapshotEveryBytes' is at least {ReplicaOptions.LeastBytes}.";
        if (SnapshotEveryInputs < ReplicaOptions.LeastInputs)
            return $"Setting 'SnapshotEveryInputs' is at least {ReplicaOptions.LeastInputs}.";
        return SegmentBytes is < (8L << 20) or > (4L << 30) || SegmentBytes % 4_096 != 0
            ? "Setting 'SegmentBytes' is from 8 MiB to 4 GiB, in whole blocks of 4096."
            : History.Problem() ?? ViewsProblem();
    }

    private string? ViewsProblem()
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(Views, new ValidationContext(Views), wrong, validateAllProperties: true)
            ? null
            : $"Setting 'Views:{wrong[0].MemberNames.First()}': {wrong[0].ErrorMessage}";
    }

    public EmbeddedOptions ToEmbedded() => new()
    {
        Directory = Path.GetFullPath(Data!),
        NearlyFullBytes = NearlyFullBytes,
        SegmentBytes = SegmentBytes,
        Views = Views,
        Host = new VenueHostOptions { QueueCapacity = QueueCapacity },
        History = History.ToOptions(),
        Replica = Replica ? new ReplicaOptions { SnapshotEveryBytes = SnapshotEveryBytes, SnapshotEveryInputs = SnapshotEveryInputs } : null,
    };
}

using Exchange.Core.Signatures;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Authentication;

/// <summary>The signatures that one server took, in its memory: good where it serves the venue alone.</summary>
internal sealed partial class OwnSignatures : ISignatureGuard
{
    private readonly SignatureMemory _memory;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <param name="recordedMs">Of the last act on record, in the journal or in the audit log; 0: there is none.</param>
    /// <remarks>
    /// What is stamped before the floor could be a repeat of what an earlier run of the server took, and is refused. That run took stamps up to
    /// a second ahead of its clock, and this one may be up again within that second, or with a clock that was set back. So the start is not
    /// enough: whatever it took that changed something is recorded, with a time no earlier than that of its taking, in the journal or in the
    /// audit log; log-ons of streams are not, and wait for their time to come.
    /// </remarks>
    public OwnSignatures(int capacity, long recordedMs, TimeProvider time, ILogger<OwnSignatures> logger)
    {
        _time = time;
        long floorMs = Math.Max(NowMs(), recordedMs + SignatureMemory.MostAheadMs + 1);
        _memory = new SignatureMemory(capacity, floorMs);
        if (floorMs > NowMs() + SignatureMemory.MostAheadMs)
            LogClockWentBack(logger, floorMs - NowMs());
    }

    public long FloorMs => _memory.FloorMs;

    public ValueTask<SignatureOutcome> Take(uint account, UInt128 signature, long timestampMs)
    {
        lock (_lock)
            return new(_memory.Take(signature, timestampMs, NowMs()));
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(1, LogLevel.Warning, "The clock is {BehindMs} ms behind what was recorded before the start: until then signed requests are refused as stale.")]
    private static partial void LogClockWentBack(ILogger logger, long behindMs);
}

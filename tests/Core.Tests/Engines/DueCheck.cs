using Exchange.Core.Accounts;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Looks at every account where the engine looks only at those that are noted or woken (protocol 5).</summary>
internal sealed class DueCheck : IEngineCheck
{
    private Engine? _engine;
    private long _looksBefore;

    /// <summary>Accounts found at or below their maintenance margin when a pass began.</summary>
    public int UnderCount { get; private set; }

    /// <summary>Accounts whose orders were found unpayable after a pass.</summary>
    public int UnpayableCount { get; private set; }

    /// <summary>Accounts that no pass looked at.</summary>
    public int SparedCount { get; private set; }

    public void Before(EngineRun run, in Command command, long timeMs)
    {
        _engine = run.Engine;
        _engine.PassWitness ??= Look;
    }

    /// <summary>Between instants whoever must be looked at is noted, but for those whose marks are held.</summary>
    public void After(EngineRun run, in Command command)
    {
        if (run.Engine.IsWaking)
            return;
        foreach (MarginAccount account in All())
        {
            if (account.IsUnderMaintenance(run.Engine.Market) || !account.IsPayable(run.Engine.Market))
                Invariant.Holds(run.Engine.IsDue(account.Id));
        }
    }

    private void Look(bool isOver)
    {
        int accounts = 0;
        foreach (MarginAccount account in All())
        {
            bool isUnder = account.IsUnderMaintenance(_engine!.Market);
            if (!isOver)
            {
                UnderCount += isUnder ? 1 : 0;
                Invariant.Holds(!isUnder || _engine.IsDue(account.Id));
                continue;
            }

            // Who fell under by what the pass did to it after its turn is looked at next time.
            Invariant.Holds(!isUnder || _engine.IsDue(account.Id));
            bool isPayable = account.IsPayable(_engine.Market);
            UnpayableCount += isPayable ? 0 : 1;
            Invariant.Holds(isPayable || _engine.IsDue(account.Id));
            accounts++;
        }

        SparedCount += isOver ? accounts - (int)(_engine!.LookCount - _looksBefore) : 0;
        _looksBefore = _engine!.LookCount;
    }

    private IEnumerable<MarginAccount> All()
    {
        for (uint id = 1; id <= EngineScriptWriter.Accounts[^1]; id++)
        {
            if (_engine!.Account(id) is { } account)
                yield return account;
        }
    }
}

using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Simulation.Checks;

namespace Exchange.Simulation.Clients;

/// <summary>A command as its client knows it: what it asked, how often, and what it was told.</summary>
internal sealed class ClientCommand(Command command, long createdMs)
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>The first attempt that is known to be accepted: no later one may be refused.</summary>
    private Attempt? _accepted;

    public Command Command { get; } = command;

    public long CreatedMs { get; } = createdMs;

    /// <summary>Told to be done, or told to be refused for good.</summary>
    public bool IsDone { get; private set; }

    public bool IsAccepted { get; private set; }

    public RejectReason Reason { get; private set; }

    public ulong OrderId { get; private set; }

    /// <summary>When it is sent anew under another number; <see cref="long.MaxValue"/>: not.</summary>
    public long RepeatAtMs { get; set; }

    public int AttemptCount => _attempts.Count;

    public void Attempted(ulong session, ulong number) => _attempts.Add(new Attempt { Session = session, Number = number });

    /// <summary>The answer to one of its attempts.</summary>
    /// <returns>False: it must be asked again, nothing was decided.</returns>
    public bool Answer(ulong session, ulong number, RejectReason reason, ulong orderId)
    {
        Attempt? attempt = _attempts.Find(known => known.Session == session && known.Number == number);
        if (attempt is null || attempt.IsAnswered)
            return true;
        attempt.IsAnswered = true;
        if (reason == RejectReason.AccountRecovering)
            return IsDone;
        if (reason == RejectReason.None || (reason == RejectReason.AccountExists && Command.Kind == CommandKind.CreateAccount))
        {
            Accept(orderId, attempt);
            return true;
        }

        // An earlier attempt may still succeed; those of sessions that are over are answered for by this one.
        Reason = reason;
        if (_accepted is { } accepted && attempt.IsAfter(accepted) && Command.Kind == CommandKind.Place)
            throw new FaultFoundException($"{this} was accepted and is now refused: {reason}");
        if (!IsAccepted)
            IsDone = _attempts.TrueForAll(other => other.IsAnswered || other.Session < session);
        return true;
    }

    private void Accept(ulong orderId, Attempt attempt)
    {
        if (IsAccepted && OrderId != orderId)
            throw new FaultFoundException($"{this} was order {OrderId} and is now order {orderId}");
        if (IsDone && !IsAccepted && Command.Kind == CommandKind.Place)
            throw new FaultFoundException($"{this} was refused and is now order {orderId}");
        if (_accepted is null || _accepted.IsAfter(attempt))
            _accepted = attempt;
        IsAccepted = true;
        IsDone = true;
        OrderId = orderId;
    }

    public override string ToString() => Command.Kind switch
    {
        CommandKind.Place => $"place {Command.Terms.ClientKey.Low} {Command.Terms.Type} {Command.Terms.Side} {Command.Terms.Lots}"
            + $" @ {Command.Terms.PriceTicks} in {Command.Terms.Symbol}",
        CommandKind.Amend => $"amend {Command.OrderId} to {Command.Lots} @ {Command.PriceTicks}",
        CommandKind.Cancel => $"cancel {Command.OrderId}",
        CommandKind.Deposit or CommandKind.Withdraw => $"{Command.Kind} {Command.Key.Low} of {Command.Amount}",
        CommandKind.SetLeverage => $"leverage {Command.Leverage} in {Command.Symbol}",
        CommandKind.CreateAccount => "create the account",
        CommandKind.SetAccountState => $"the account is {Command.State}",
        _ => $"{Command.Kind} in {Command.Symbol}",
    };

    private sealed class Attempt
    {
        public ulong Session { get; init; }

        public ulong Number { get; init; }

        public bool IsAnswered { get; set; }

        public bool IsAfter(Attempt other) => (Session, Number).CompareTo((other.Session, other.Number)) > 0;
    }
}

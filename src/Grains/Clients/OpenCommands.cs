using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Grains.Clients;

/// <summary>A client's unanswered commands in one session, by their numbers: 1, 2, 3 …</summary>
/// <remarks>They are answered nearly in order, so a ring from the oldest unanswered one on holds them.</remarks>
internal sealed class OpenCommands
{
    private OpenCommand?[] _ring = new OpenCommand?[4];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Number of the oldest; <see cref="Next"/> if there is none.</summary>
    public ulong First { get; private set; } = 1;

    /// <summary>Number that the next one gets.</summary>
    public ulong Next { get; private set; } = 1;

    /// <summary>From the oldest to the newest, those between them that are answered counted.</summary>
    public int Span => (int)(Next - First);

    public void Add(OpenCommand command)
    {
        if (Span == _ring.Length)
            Grow();
        Slot(Next++) = command;
        Count++;
    }

    /// <summary>Null: answered, or never sent.</summary>
    public OpenCommand? Find(ulong number) => number >= First && number < Next ? Slot(number) : null;

    /// <summary>Takes one out, as it is answered; null: it was before.</summary>
    public OpenCommand? Take(ulong number)
    {
        if (Find(number) is not { } open)
            return null;
        Slot(number) = null;
        Count--;
        while (First < Next && Slot(First) is null)
            First++;
        return open;
    }

    /// <summary>Takes all out; numbers begin anew.</summary>
    public List<OpenCommand> Clear()
    {
        var open = new List<OpenCommand>(Count);
        for (ulong number = First; number < Next; number++)
        {
            if (Slot(number) is { } command)
                open.Add(command);
            Slot(number) = null;
        }

        Count = 0;
        First = Next = 1;
        return open;
    }

    private ref OpenCommand? Slot(ulong number) => ref _ring[number & (uint)(_ring.Length - 1)];

    private void Grow()
    {
        OpenCommand?[] old = _ring;
        _ring = new OpenCommand?[old.Length * 2];
        for (ulong number = First; number < Next; number++)
            Slot(number) = old[number & (uint)(old.Length - 1)];
    }
}

internal sealed class OpenCommand(in Command command)
{
    private readonly TaskCompletionSource<CommandReply> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Command Command { get; } = command;

    public Task<CommandReply> Answered => _answered.Task;

    /// <summary>The account that gets it again knows that it is the same.</summary>
    public bool SaysItIsTheSame => Command.Kind switch
    {
        CommandKind.Place => (Command.Terms.Flags & OrderFlags.ReturnRepeats) != 0,
        CommandKind.Deposit or CommandKind.Withdraw or CommandKind.AdjustMargin => true,
        _ => false,
    };

    public void Answer(CommandReply reply) => _answered.TrySetResult(reply);

    public void Forget(Exception? cause = null) => _answered.TrySetException(
        new TimeoutException("The account was brought up anew before it answered: whether the command was done is unknown.", cause));
}

using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Clients;

/// <summary>One account as the clients of this silo reach it: numbers their commands, and repeats what is not answered.</summary>
/// <remarks>
/// Commands are for one activation of the account (a session). When another has taken its place, what the last one was asked and did
/// not answer is asked anew where the account can see that it is the same (orders and transfers bear ids); of all else nobody knows
/// whether it was done, and its caller is told so. Any thread.
/// </remarks>
internal sealed class AccountClient
{
    /// <summary>Commands of one account that may be unanswered.</summary>
    public const int MostOpen = NodeMessageCodec.MostCommands;
    private const long RepeatMs = 1_000;
    private readonly Lock _lock = new();
    private readonly NodeId _client;
    private readonly NodeId _account;
    private readonly Link<NodeEnvelope> _link;
    private readonly SortedDictionary<ulong, OpenCommand> _open = [];
    private ulong _session;
    private ulong _number;
    private long _repeatAtMs;

    private readonly Func<ulong, Task<OrderView?>> _findOrder;

    /// <param name="call">Carries messages to the account.</param>
    /// <param name="findOrder">Reads an order that an answer given before speaks of.</param>
    public AccountClient(NodeId client, uint account, Func<NodeEnvelope[], ValueTask> call, Func<ulong, Task<OrderView?>> findOrder)
    {
        _findOrder = findOrder;
        _client = client;
        _account = NodeId.Account(account);
        _link = new Link<NodeEnvelope>(call, LinkLimits.Default);
    }

    public int Unanswered
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <exception cref="VenueOverloadedException">Too many are unanswered.</exception>
    /// <exception cref="TimeoutException">The account came up elsewhere meanwhile: the outcome is unknown.</exception>
    public Task<CommandReply> Submit(in Command command, long nowMs)
    {
        var open = new OpenCommand(in command);
        lock (_lock)
        {
            if (_open.Count >= MostOpen)
                throw new VenueOverloadedException();
            _open.Add(++_number, open);
            if (_open.Count == 1)
                _repeatAtMs = nowMs + RepeatMs;
            if (_session == 0)
                Say(new HelloMessage());
            else
                Say(new CommandsMessage(_session, _number, First - 1, [command]));
        }

        _link.Go();
        return open.Answered;
    }

    /// <summary>Says again what has not been answered for long.</summary>
    public void Repeat(long nowMs)
    {
        lock (_lock)
        {
            if (_open.Count == 0 || nowMs < _repeatAtMs)
                return;
            _repeatAtMs = nowMs + RepeatMs;
            if (_session == 0)
                Say(new HelloMessage());
            else
                SendFrom(First);
        }

        _link.Go();
    }

    private ulong First
    {
        get
        {
            foreach (ulong number in _open.Keys)
                return number;
            return _number + 1;
        }
    }

    /// <summary>An activation says who it is, and which command it waits for.</summary>
    public void Enter(SessionMessage session, long nowMs)
    {
        lock (_lock)
        {
            if (session.Session < _session)
                return;
            if (session.Session > _session)
                BeginAnew(session.Session);
            _repeatAtMs = nowMs + RepeatMs;
            SendFrom(Math.Max(First, session.Next));
        }

        _link.Go();
    }

    private void BeginAnew(ulong session)
    {
        bool isFirst = _session == 0;
        OpenCommand[] open = [.. _open.Values];
        _open.Clear();
        _session = session;
        _number = 0;
        foreach (OpenCommand command in open)
        {
            if (isFirst || command.SaysItIsTheSame)
                _open.Add(++_number, command);
            else
                command.Forget();
        }
    }

    public void Take(ClientReplies replies)
    {
        lock (_lock)
        {
            if (replies.Answers.Session != _session)
                return;
            for (int i = 0; i < replies.Answers.Answers.Length; i++)
            {
                CommandAnswer answer = replies.Answers.Answers[i];
                if (!_open.Remove(answer.Number, out OpenCommand? open))
                    continue;
                if (replies.Details[i] is { } reply)
                    open.Answer(reply);
                else
                    _ = Read(open, answer);
            }
        }
    }

    /// <summary>The answer was given before and lost on its way; what it speaks of is read again.</summary>
    private async Task Read(OpenCommand open, CommandAnswer answer)
    {
        var reply = new CommandReply { Reason = answer.Reason, IsRepeat = answer.IsRepeat };
        try
        {
            if (answer.OrderId != 0)
                reply.Order = await _findOrder(answer.OrderId);
            open.Answer(reply);
        }
        catch (Exception cause)
        {
            open.Forget(cause);
        }
    }

    /// <summary>Commands from a number on, as many in a message as follow each other.</summary>
    private void SendFrom(ulong from)
    {
        ulong first = 0;
        var commands = new List<Command>();
        foreach ((ulong number, OpenCommand open) in _open)
        {
            if (number < from)
                continue;
            if (commands.Count != 0 && number != first + (ulong)commands.Count)
            {
                Say(new CommandsMessage(_session, first, First - 1, [.. commands]));
                commands.Clear();
            }

            if (commands.Count == 0)
                first = number;
            commands.Add(open.Command);
        }

        if (commands.Count != 0)
            Say(new CommandsMessage(_session, first, First - 1, [.. commands]));
    }

    private void Say(NodeMessage message) => _link.Add(new NodeEnvelope(_client, _account, message));

    private sealed class OpenCommand(in Command command)
    {
        private readonly TaskCompletionSource<CommandReply> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Command Command { get; } = command;

        public Task<CommandReply> Answered => _answered.Task;

        /// <summary>The account that gets it again knows that it is the same.</summary>
        public bool SaysItIsTheSame => Command.Kind switch
        {
            CommandKind.Place => (Command.Terms.Flags & Core.Orders.OrderFlags.ReturnRepeats) != 0,
            CommandKind.Deposit or CommandKind.Withdraw or CommandKind.AdjustMargin => true,
            _ => false,
        };

        public void Answer(CommandReply reply) => _answered.TrySetResult(reply);

        public void Forget(Exception? cause = null) => _answered.TrySetException(
            new TimeoutException("The account was brought up anew before it answered: whether the command was done is unknown.", cause));
    }
}

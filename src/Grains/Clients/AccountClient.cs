using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;

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

    /// <summary>So many of them may be other than cancels: who floods can still cancel.</summary>
    public const int MostOpenOthers = MostOpen - (MostOpen / 8);
    private const long RepeatMs = 1_000;
    private readonly Lock _lock = new();
    private readonly NodeId _client;
    private readonly NodeId _account;
    private readonly NodePost _post;
    private readonly OpenCommands _open = new();
    private ulong _session;
    private long _repeatAtMs;

    private readonly Func<ulong, Task<OrderView?>> _findOrder;
    private readonly Func<ulong, Task<FillView[]>> _fillsOf;

    /// <param name="findOrder">Reads an order that an answer given before speaks of.</param>
    /// <param name="fillsOf">Reads what such an order traded as it entered.</param>
    public AccountClient(
        NodeId client, uint account, NodePost post, Func<ulong, Task<OrderView?>> findOrder, Func<ulong, Task<FillView[]>> fillsOf)
    {
        _post = post;
        _fillsOf = fillsOf;
        _findOrder = findOrder;
        _client = client;
        _account = NodeId.Account(account);
    }

    public int Unanswered
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Sends commands in a row, together; each is answered by itself.</summary>
    /// <exception cref="VenueOverloadedException">Too many are unanswered: none was sent.</exception>
    /// <exception cref="TimeoutException">The account came up elsewhere meanwhile: the outcome is unknown.</exception>
    public Task<CommandReply>[] Submit(ReadOnlySpan<Command> commands, long nowMs)
    {
        var answers = new Task<CommandReply>[commands.Length];
        lock (_lock)
        {
            if (_open.Span + commands.Length > (AreCancels(commands) ? MostOpen : MostOpenOthers))
                throw new VenueOverloadedException();
            if (_open.Count == 0)
                _repeatAtMs = nowMs + RepeatMs;
            ulong first = _open.Next;
            for (int i = 0; i < answers.Length; i++)
            {
                var open = new OpenCommand(in commands[i]);
                answers[i] = open.Answered;
                _open.Add(open);
            }

            if (_session == 0)
                Say(new HelloMessage());
            else
                Say(new CommandsMessage(_session, first, _open.First - 1, commands.ToArray()));
        }
        return answers;
    }

    private static bool AreCancels(ReadOnlySpan<Command> commands)
    {
        foreach (ref readonly Command command in commands)
        {
            if (command.Kind is not (CommandKind.Cancel or CommandKind.CancelAll))
                return false;
        }

        return true;
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
                SendFrom(_open.First);
        }
    }

    /// <summary>Something did not arrive, since the account is being brought up elsewhere: it is said again at once.</summary>
    public void Lose()
    {
        lock (_lock)
            _repeatAtMs = 0;
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
            SendFrom(Math.Max(_open.First, session.Next));
        }
    }

    private void BeginAnew(ulong session)
    {
        bool isFirst = _session == 0;
        List<OpenCommand> open = _open.Clear();
        _session = session;
        foreach (OpenCommand command in open)
        {
            if (isFirst || command.SaysItIsTheSame)
                _open.Add(command);
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
                if (_open.Take(answer.Number) is not { } open)
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
            if (open.Command.Kind == CommandKind.Place && reply.Order is { FilledLots: > 0 })
                reply.Fills.AddRange(await _fillsOf(answer.OrderId));
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
        var commands = new List<Command>();
        for (ulong number = from; number <= _open.Next; number++)
        {
            if (number < _open.Next && _open.Find(number) is { } open)
            {
                commands.Add(open.Command);
                continue;
            }

            if (commands.Count != 0)
                Say(new CommandsMessage(_session, number - (ulong)commands.Count, _open.First - 1, [.. commands]));
            commands.Clear();
        }
    }

    /// <summary>Within the lock: what is said first arrives first.</summary>
    private void Say(NodeMessage message) => _post.Send(new NodeEnvelope(_client, _account, message));
}
